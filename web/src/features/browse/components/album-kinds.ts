import { useLingui } from "@lingui/react/macro";
import type { AlbumCard } from "@/shared/api/types";

export function useAlbumKinds(): Record<AlbumCard["album_kind"], string> {
  const { t } = useLingui();
  return {
    album: t`Album`,
    ep: t`EP`,
    single: t`Single`,
    compilation: t`Compilation`,
    live: t`Live album`,
    remix: t`Remix album`,
    soundtrack: t`Soundtrack`,
    mixtape: t`Mixtape`,
    demo: t`Demo`,
    spoken: t`Spoken word`,
    audiobook: t`Audiobook`,
    broadcast: t`Broadcast`,
    other: t`Another kind of release`,
  };
}
