import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { History } from "lucide-react";
import { Button } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { historyQuery } from "./api";
import { EditEntry } from "./components/edit-entry";
import { Failure, KeepingPage, Waiting } from "./components/page";
import { SubjectLink } from "./components/subject";

/** What was edited of an artist, an album, a track or a genre: the last edits first. */
export function HistoryPage() {
  const { t } = useLingui();
  const { contentId } = useParams({ from: "/keeping/history/$contentId" });
  const history = useInfiniteQuery(historyQuery(contentId));
  const edits = history.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <KeepingPage
      title={t`History`}
      eyebrow={history.isError ? null : <SubjectLink id={contentId} />}
      intro={t`Who changed what. An edit that is taken back is an edit of its own, so nothing is lost.`}
    >
      {history.isPending ? <Waiting /> : null}
      {history.isError ? <Failure error={history.error} retry={() => void history.refetch()} /> : null}
      {history.data && edits.length === 0 ? <EmptyState icon={<History />} title={t`Nothing was edited yet`} /> : null}
      {edits.length > 0 ? (
        <ol aria-label={t`Edits`} className="flex flex-col gap-4">
          {edits.map((edit) => (
            <EditEntry key={edit.id} edit={edit} />
          ))}
        </ol>
      ) : null}
      {history.hasNextPage ? (
        <Button
          className="self-center"
          isPending={history.isFetchingNextPage}
          onPress={() => void history.fetchNextPage()}
        >
          {t`Show earlier ones`}
        </Button>
      ) : null}
    </KeepingPage>
  );
}
