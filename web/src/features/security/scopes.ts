import { useLingui } from "@lingui/react/macro";
import type { Scope } from "@/shared/api/types";

type Described = { id: Scope; label: string; detail: string };

/** What a key can be allowed, in words, from harmless to far-reaching. */
export function useScopes(): readonly Described[] {
  const { t } = useLingui();
  return [
    { id: "listen", label: t`Listen`, detail: t`Play music, and have it remembered` },
    { id: "library", label: t`Library`, detail: t`See and change works of artists that you manage` },
    { id: "upload", label: t`Upload`, detail: t`Upload sound and pictures` },
    { id: "publish", label: t`Publish`, detail: t`Make works public` },
    { id: "profile", label: t`Profile`, detail: t`Read and change your name and handle` },
  ];
}
