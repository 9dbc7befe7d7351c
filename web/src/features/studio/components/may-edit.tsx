import { useLingui } from "@lingui/react/macro";
import { useMe } from "@/shared/api/me";
import type { Album, FullTrack } from "@/shared/api/types";
import { EmptyState } from "@/shared/ui/empty-state";
import { Lock } from "lucide-react";
import { StudioPage } from "./page";
import { ReleasePanel } from "./release-panel";

/** Whether the person may change it: as one who manages it, or one who runs the installation; null until that is known. */
export function useMayEdit(content: { editable: boolean } | undefined): boolean | null {
  const me = useMe();
  if (content?.editable) return true;
  return me === undefined ? null : me.roles.includes("admin");
}

export function NotForYou() {
  const { t } = useLingui();
  return (
    <EmptyState icon={<Lock />} title={t`This is for those who keep it`}>
      {t`Only the owners of an artist, and the people who run this installation, see and change this.`}
    </EmptyState>
  );
}

/** A moderator decides whether a work is heard, and changes nothing else of it. */
export function OnlyRelease({ work }: { work: Album | FullTrack }) {
  const { t } = useLingui();
  const roles = useMe()?.roles ?? [];
  if (!roles.includes("moderator")) return <NotForYou />;
  return (
    <StudioPage title={work.title} back={{ to: "/studio", label: t`My music` }}>
      <ReleasePanel work={work} />
    </StudioPage>
  );
}
