import { Plural, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { History, Undo2 } from "lucide-react";
import type { ReactNode } from "react";
import type { Playlist, PlaylistState } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { dateAndTime } from "@/shared/lib/format";
import { useTitle } from "@/shared/lib/title";
import { Button } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { sayFailure } from "@/shared/ui/say-failure";
import { ShowMore } from "@/shared/ui/show-more";
import { toast } from "@/shared/ui/toast";
import { pagePadding } from "@/features/browse/components/page";
import { Failed, Loading, RowsSkeleton } from "@/features/browse/components/states";
import { goBack, historyQuery, playlistQuery } from "./queries";

/** What a playlist was, change by change, and the way back. */
export function HistoryPage() {
  const { t } = useLingui();
  const { playlistId } = useParams({ from: "/playlists/$playlistId/history" });
  const playlist = useQuery(playlistQuery(playlistId));
  useTitle(t`History`);
  if (playlist.isError) return <Failed heading="h1" error={playlist.error} retry={() => void playlist.refetch()} />;
  return (
    <div className={cx("mx-auto flex w-full max-w-3xl flex-col gap-8 pt-6 pb-8", pagePadding)}>
      <header className="flex flex-col gap-2">
        {playlist.data ? (
          <Link
            to="/playlists/$playlistId"
            params={{ playlistId }}
            className="w-fit rounded-sm text-sm font-semibold text-muted hover:text-ink hover:underline"
            dir="auto"
          >
            {playlist.data.name}
          </Link>
        ) : null}
        <h1 className="display text-2xl">{t`History`}</h1>
        <p className="text-muted">{t`What you change within ten minutes counts as one change.`}</p>
      </header>
      {playlist.data ? (
        <States playlist={playlist.data} />
      ) : (
        <Loading>
          <RowsSkeleton />
        </Loading>
      )}
    </div>
  );
}

function States({ playlist }: { playlist: Playlist }) {
  const { t } = useLingui();
  const found = useInfiniteQuery(historyQuery(playlist.id));
  const states = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (found.isLoadingError) return <Failed error={found.error} retry={() => void found.refetch()} />;
  if (found.isPending) {
    return (
      <Loading>
        <RowsSkeleton />
      </Loading>
    );
  }
  if (states.length === 0) {
    return (
      <EmptyState icon={<History />} title={t`Nothing has changed yet`}>
        {t`Once something does, you find here what the playlist was before.`}
      </EmptyState>
    );
  }
  return (
    <>
      <ol aria-label={t`Changes`} className="flex flex-col gap-4">
        {states.map((state) => (
          <Change key={state.id} playlistId={playlist.id} state={state} />
        ))}
      </ol>
      <ShowMore pages={found} />
    </>
  );
}

function Change({ playlistId, state }: { playlistId: string; state: PlaylistState }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const back = useMutation({
    mutationFn: () => goBack(playlistId, state.id),
    onSuccess: async (playlist) => {
      const name = playlist.name;
      toast(t`${name} is what it was.`, "success");
      await navigate({ to: "/playlists/$playlistId", params: { playlistId } });
    },
    onError: sayFailure,
  });
  const { name, track_count: count } = state;
  const when = dateAndTime(state.until);
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-3 rounded-lg border border-line bg-raised p-5">
      <div className="flex min-w-0 flex-1 basis-64 flex-col gap-1">
        <p className="flex flex-wrap gap-x-3 font-semibold">
          <time dateTime={state.until}>{when}</time>
          {state.changed_by ? <bdi className="font-normal text-muted">{state.changed_by.display_name}</bdi> : null}
        </p>
        <p className="flex flex-wrap gap-x-3 text-sm text-muted">
          {whatChanged(state, t`named or described anew`).map((part, index) => (
            <span key={index}>{part}</span>
          ))}
        </p>
        <p className="text-sm text-muted">
          {t`Before:`} <bdi>{name}</bdi>, <Plural value={count} one="# track" other="# tracks" />
        </p>
      </div>
      <Button aria-label={t`Go back to before ${when}`} isPending={back.isPending} onPress={() => back.mutate()}>
        <Undo2 aria-hidden className="flip-rtl size-4" />
        {t`Go back`}
      </Button>
    </li>
  );
}

function whatChanged({ added, removed, moved, renamed }: PlaylistState, anew: string): ReactNode[] {
  return [
    added > 0 ? <Plural value={added} one="# track came" other="# tracks came" /> : null,
    removed > 0 ? <Plural value={removed} one="# track went" other="# tracks went" /> : null,
    moved > 0 ? <Plural value={moved} one="# track moved" other="# tracks moved" /> : null,
    renamed ? anew : null,
  ].filter(Boolean);
}
