import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { History } from "lucide-react";
import { EmptyState } from "@/shared/ui/empty-state";
import { ShowMore } from "@/shared/ui/show-more";
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
      eyebrow={history.isLoadingError ? null : <SubjectLink id={contentId} />}
      intro={t`Who changed what. An edit that is taken back is an edit of its own, so nothing is lost.`}
    >
      {history.isPending ? <Waiting /> : null}
      {history.isLoadingError ? <Failure error={history.error} retry={() => void history.refetch()} /> : null}
      {history.data && edits.length === 0 ? <EmptyState icon={<History />} title={t`Nothing was edited yet`} /> : null}
      {edits.length > 0 ? (
        <ol aria-label={t`Edits`} className="flex flex-col gap-4">
          {edits.map((edit) => (
            <EditEntry key={edit.id} edit={edit} />
          ))}
        </ol>
      ) : null}
      <ShowMore pages={history} earlier className="items-center" />
    </KeepingPage>
  );
}
