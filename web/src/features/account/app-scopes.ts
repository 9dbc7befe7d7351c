import { useLingui } from "@lingui/react/macro";

/** What each scope allows, as a sentence that goes on from "The app will be allowed to", from little to much. */
export function useAppScopes(): ReadonlyMap<string, string> {
  const { t } = useLingui();
  return new Map([
    ["openid", t`know that it is you`],
    ["email", t`see your email address`],
    ["profile", t`read and change your name and handle`],
    ["listen", t`play music, and have it remembered`],
    ["library", t`see and change works of artists that you manage`],
    ["upload", t`upload sound and pictures`],
    ["publish", t`make works public`],
  ]);
}
