import { lazy, type ReactElement, type ReactNode, Suspense, useRef, useState } from "react";
import { ButtonContext } from "react-aria-components/Button";
import { patient } from "./patient";

export type MenuAction = {
  id: string;
  label: string;
  icon?: ReactNode;
  run: () => void;
  disabled?: boolean;
  tone?: "normal" | "danger";
};

// Lists of tracks carry a menu in every row: what a menu is made of is loaded when the first one is wanted.
const load = () => import("./menu-overlay");
const MenuOverlay = lazy(patient(() => load().then((module) => ({ default: module.MenuOverlay }))));

/** `trigger` is a Button or IconButton. */
export function Menu({
  label,
  trigger,
  actions,
}: {
  label: string;
  trigger: ReactElement;
  actions: readonly MenuAction[];
}) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <>
      <ButtonContext.Provider
        value={{
          ref: button,
          "aria-haspopup": "menu",
          "aria-expanded": open,
          onPress: () => setOpen((before) => !before),
          onHoverStart: () => void load().catch(() => undefined),
          onKeyDown: (event) => {
            if (event.key === "ArrowDown" || event.key === "ArrowUp") setOpen(true);
            else event.continuePropagation();
          },
        }}
      >
        {trigger}
      </ButtonContext.Provider>
      {open ? (
        <Suspense fallback={null}>
          <MenuOverlay label={label} actions={actions} trigger={button} onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
