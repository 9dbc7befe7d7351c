import { Plural, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { aboutQuery } from "@/shared/api/about";
import { EmptyState } from "@/shared/ui/empty-state";
import { DecisionList } from "./decision-list";
import { PageTitle } from "./layout";
import { waitingArtistsQuery } from "./queries";
import { WaitingRow } from "./waiting-artist";

/** Artist profiles that may not publish before somebody has looked at them. */
export default function ArtistsPage() {
  const { t } = useLingui();
  return (
    <>
      <PageTitle
        title={t`New artists`}
        intro={t`Who makes an artist profile can publish once you approve it. Those who have waited longest come first.`}
      />
      <DecisionList
        query={useInfiniteQuery(waitingArtistsQuery)}
        label={t`Artists that wait`}
        count={(count, more) => <Waiting count={count} more={more} />}
        empty={<NobodyWaits />}
        row={(artist, goOn) => <WaitingRow key={artist.id} artist={artist} onDecided={goOn} />}
      />
    </>
  );
}

function Waiting({ count, more }: { count: number; more: boolean }) {
  const { t } = useLingui();
  if (count === 0) return t`Nobody is waiting`;
  if (more) return t`More than ${count} artists are waiting`;
  return <Plural value={count} one="# artist is waiting" other="# artists are waiting" />;
}

function NobodyWaits() {
  const { t } = useLingui();
  const about = useQuery(aboutQuery).data;
  return (
    <EmptyState icon={<CircleCheck />} title={t`Nobody is waiting`}>
      {about?.artist_approval === "open"
        ? t`New artists publish at once here. The setting ANTIPHON_ARTIST_APPROVAL makes them wait for you.`
        : t`New artist profiles appear here, for you to approve or refuse.`}
    </EmptyState>
  );
}
