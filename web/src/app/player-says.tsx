import { useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { player, usePlayer } from "@/player";
import { cx } from "@/shared/lib/class-names";
import { codeText } from "@/shared/lib/error-text";

/** Shorter waits are told by the button alone. */
const LONG_MS = 5000;

/** True once the sound has been waited for so long that somebody wonders. */
function useLongWait(): boolean {
  const waits = usePlayer(({ status }) => status === "loading" || status === "buffering");
  const [long, setLong] = useState(false);
  useEffect(() => {
    if (!waits) return;
    const timer = setTimeout(() => setLong(true), LONG_MS);
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [waits]);
  return long;
}

/** Why nothing is heard, and what can be done about it. */
export function PlayerSays({ className }: { className?: string }) {
  const { t } = useLingui();
  const error = usePlayer((state) => state.error);
  const waits = useLongWait();
  // The browser lets a page play only once it was touched.
  const blocked = error?.code === "sound_blocked";
  const said = error
    ? (codeText(error.code) ?? t`This track cannot be played.`)
    : waits
      ? t`The connection does not keep up. The music goes on by itself.`
      : "";
  return (
    <p
      role="status"
      className={cx(
        "text-center text-sm font-semibold text-balance empty:hidden",
        blocked
          ? "bg-accent-soft text-accent-text"
          : error
            ? "bg-danger-soft px-4 py-2 text-danger"
            : "bg-warning-soft px-4 py-2 text-warning",
        className,
      )}
    >
      {blocked ? (
        <AriaButton onPress={player.play} className="min-h-11 w-full px-4 -outline-offset-2">
          {said}
        </AriaButton>
      ) : (
        said
      )}
    </p>
  );
}
