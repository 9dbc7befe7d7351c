import { Plural, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useRef } from "react";
import { aboutQuery } from "@/shared/api/about";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { PageSkeleton, PageTitle } from "./layout";
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
      <Queue />
    </>
  );
}

function Queue() {
  const { t } = useLingui();
  const status = useRef<HTMLParagraphElement>(null);
  const found = useInfiniteQuery(waitingArtistsQuery);
  if (found.isPending) return <PageSkeleton />;
  if (found.isError) {
    return (
      <EmptyState
        title={t`The list cannot be shown`}
        actions={<Button onPress={() => void found.refetch()}>{t`Try again`}</Button>}
      >
        {errorText(found.error)}
      </EmptyState>
    );
  }
  const artists = found.data.pages.flatMap((page) => page.items);
  const count = artists.length;
  // The row that was decided about goes away with its buttons: whoever uses the keyboard goes on from here.
  const goOn = () => status.current?.focus();
  return (
    <>
      <p ref={status} role="status" tabIndex={-1} className="pb-4 text-sm font-semibold text-muted empty:hidden">
        {count > 0 && !found.hasNextPage ? (
          <Plural value={count} one="# artist is waiting" other="# artists are waiting" />
        ) : null}
        {found.hasNextPage ? t`More than ${count} artists are waiting` : null}
        {count === 0 ? <span className="sr-only">{t`Nobody is waiting`}</span> : null}
      </p>
      {count === 0 ? <NobodyWaits /> : null}
      <ul aria-label={t`Artists that wait`} className="flex flex-col gap-4 empty:hidden">
        {artists.map((artist) => (
          <WaitingRow key={artist.id} artist={artist} onDecided={goOn} />
        ))}
      </ul>
      {found.hasNextPage ? (
        <Button className="mt-6" onPress={() => void found.fetchNextPage()} isPending={found.isFetchingNextPage}>
          {t`Show more`}
        </Button>
      ) : null}
    </>
  );
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
