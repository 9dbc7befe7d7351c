import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck, Undo2 } from "lucide-react";
import { useRef } from "react";
import { api } from "@/shared/api/client";
import type { TakenDownItem } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { longDate } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { toast } from "@/shared/ui/toast";
import { PageSkeleton, PageTitle } from "./layout";
import { takenDownQuery } from "./queries";

/** What nobody may hear, why, and the way back. */
export default function TakenDownPage() {
  const { t } = useLingui();
  return (
    <>
      <PageTitle
        title={t`Taken down`}
        intro={t`Nobody hears these but who manages them, and they read why. Brought back, a work is as public as it was.`}
      />
      <Works />
    </>
  );
}

function Works() {
  const { t } = useLingui();
  const list = useRef<HTMLDivElement>(null);
  const found = useInfiniteQuery(takenDownQuery);
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
  const works = found.data.pages.flatMap((page) => page.items);
  return (
    // The row that was brought back goes away with its button: whoever uses the keyboard goes on from here.
    <div ref={list} tabIndex={-1} className="flex flex-col gap-6 outline-none">
      {works.length === 0 ? (
        <EmptyState icon={<CircleCheck />} title={t`Nothing is taken down`}>
          {t`The pages of albums and tracks let you take one down, with a reason.`}
        </EmptyState>
      ) : (
        <ul aria-label={t`Taken down`} className="flex flex-col gap-4">
          {works.map((work) => (
            <Work key={work.id} work={work} onBack={() => list.current?.focus()} />
          ))}
        </ul>
      )}
      {found.hasNextPage ? (
        <Button className="self-start" onPress={() => void found.fetchNextPage()} isPending={found.isFetchingNextPage}>
          {t`Show more`}
        </Button>
      ) : null}
    </div>
  );
}

function Work({ work, onBack }: { work: TakenDownItem; onBack: () => void }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const title = work.title;
  const since = longDate(work.taken_down.at);
  const restore = useMutation({
    mutationFn: () => api.POST("/api/v1/content/{content_id}/restore", { params: { path: { content_id: work.id } } }),
    onSuccess: () => toast(t`${title} can be heard again.`, "success"),
    onError: (error) => toast(errorText(error), "error"),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: takenDownQuery.queryKey });
      onBack();
    },
  });
  return (
    <li className="flex flex-col gap-4 rounded-lg border border-line bg-raised p-5 sm:flex-row sm:items-start sm:gap-6">
      <Cover image={work.cover} alt="" seed={work.id} sizes="80px" className="size-20 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <h2 className="display text-lg break-words">
          <bdi>{title}</bdi>
        </h2>
        <p className="flex flex-wrap gap-x-4 text-sm text-muted">
          <span>{work.kind === "album" ? t`Album` : t`Track`}</span>
          <bdi>{work.artist.name}</bdi>
          <span>{t`since ${since}`}</span>
        </p>
        <p dir="auto" className="rounded-md bg-warning-soft px-4 py-3 text-sm break-words whitespace-pre-line text-ink">
          {work.taken_down.reason}
        </p>
      </div>
      <Button
        className="self-start"
        aria-label={t`Bring back ${title}`}
        onPress={() => restore.mutate()}
        isPending={restore.isPending}
      >
        <Undo2 aria-hidden className="flip-rtl size-4" />
        {t`Bring back`}
      </Button>
    </li>
  );
}
