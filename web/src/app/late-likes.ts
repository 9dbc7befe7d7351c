import { useEffect } from "react";

/** What was liked without the network is told when it is back, on whatever page that is. */
export function useLateLikesTold(): void {
  useEffect(() => {
    const look = () => {
      const some = Object.keys(localStorage).some((key) => key.startsWith("antiphon.likes."));
      // Coming, it tells by itself, and listens from then on.
      if (some) void import("@/features/browse/api/late-likes").catch(() => undefined);
    };
    look();
    window.addEventListener("online", look);
    return () => window.removeEventListener("online", look);
  }, []);
}
