import { useEffect } from "react";
import { allCommands, keyBelongsTo, pressed } from "@/shared/lib/commands";
import { usePreferences } from "@/shared/lib/preferences";

/** Runs the command whose key is pressed, unless the focused control needs the key itself or a dialog is open. */
export function useShortcuts(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const key = pressed(event);
      if (!key.startsWith("mod+") && !usePreferences.getState().singleKeys) return;
      if (keyBelongsTo(document.activeElement, key) || document.querySelector("[role=dialog],[role=alertdialog]"))
        return;
      const command = allCommands().findLast((one) => one.keys?.includes(key));
      if (!command) return;
      event.preventDefault();
      command.run();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}
