import { useLingui } from "@lingui/react/macro";
import type { AlbumCard } from "@/shared/api/types";

export function useAlbumKinds(): Record<AlbumCard["album_kind"], string> {
  const { t } = useLingui();
  return { album: t`Album`, ep: t`EP`, single: t`Single`, compilation: t`Compilation` };
}
