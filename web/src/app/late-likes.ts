import { useEffect } from "react";

/** The network may say that it is back a moment before it is. */
const AGAIN_MS = 10_000;

/** What was liked without the network is told when it is back, on whatever page that is. */
export function useLateLikesTold(): void {
  useEffect(() => {
    let again: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      clearTimeout(again);
      const some = Object.keys(localStorage).some((key) => key.startsWith("antiphon.likes."));
      // Coming, it tells by itself, and listens from then on.
      if (some) void import("@/features/browse/api/late-likes").catch(() => (again = setTimeout(look, AGAIN_MS)));
    };
    look();
    window.addEventListener("online", look);
    return () => {
      clearTimeout(again);
      window.removeEventListener("online", look);
    };
  }, []);
}
