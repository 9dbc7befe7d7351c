import { useEffect } from "react";
import { useSignedIn } from "@/shared/lib/session";

/** Keeps a line to the server open while somebody is signed in: a session that is ended elsewhere ends here at once. */
export function useLiveSession(): void {
  const signedIn = useSignedIn();
  useEffect(() => {
    if (!signedIn) return;
    let end: (() => void) | null = null;
    let gone = false;
    void import("@/shared/api/socket").then(({ subscribe }) => {
      if (!gone) end = subscribe("user:me", () => undefined);
    });
    return () => {
      gone = true;
      end?.();
    };
  }, [signedIn]);
}
