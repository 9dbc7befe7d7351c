import { Plural, useLingui } from "@lingui/react/macro";
import { useMutation, useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Merge } from "lucide-react";
import { useState } from "react";
import { ApiError } from "@/shared/api/errors";
import { type ChosenKind, endChoosing, useChosen } from "@/shared/lib/chosen";
import { errorText } from "@/shared/lib/error-text";
import { queryClient } from "@/shared/lib/query";
import { Button, buttonClasses } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { EmptyState } from "@/shared/ui/empty-state";
import { Panel } from "@/features/studio/components/page";
import { mergeInto, thingQuery } from "./api";
import { ChosenTags } from "./components/chosen-tags";
import { Comparison } from "./components/comparison";
import { Failure, KeepingPage, Waiting } from "./components/page";
import { SubjectLink } from "./components/subject";
import { likeliest, moving, type Moving, nameOf, type Thing } from "./model/merge";

/** More than a few are not compared by eye. */
const MOST = 6;

/** Several that are one: looked at side by side, then made one. */
export function MergePage() {
  const { t } = useLingui();
  const { kind, items } = useChosen();
  const [done, setDone] = useState<string | null>(null);
  return (
    <KeepingPage title={t`Merge`} intro={t`Choose which of them stays. Everything of the others goes over to it.`}>
      {done ? <Done id={done} /> : null}
      {!done && kind && items.length > 1 ? (
        <Merging kind={kind} ids={items.slice(0, MOST).map((item) => item.id)} onDone={setDone} />
      ) : null}
      {!done && !(kind && items.length > 1) ? (
        <EmptyState
          icon={<Merge />}
          title={t`Choose at least two`}
          actions={
            <>
              <Link to="/library" className={buttonClasses("primary")}>{t`To the library`}</Link>
              <Link to="/keeping/doubles" className={buttonClasses()}>{t`Possible doubles`}</Link>
            </>
          }
        >
          {t`Choose artists, albums or tracks that are the same, in the library or in a search.`}
        </EmptyState>
      ) : null}
    </KeepingPage>
  );
}

type MergingProps = { kind: ChosenKind; ids: readonly string[]; onDone: (id: string) => void };

function Merging({ kind, ids, onDone }: MergingProps) {
  const items = useChosen((state) => state.items);
  const found = useQueries({ queries: ids.map((id) => thingQuery(kind, id)) });
  const failed = found.find((one) => one.isError);
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />;
  const things = found.map((one) => one.data).filter((one) => one !== undefined);
  if (things.length < ids.length) return <Waiting />;
  return (
    <>
      <ChosenTags items={items} onChange={() => undefined} />
      <Decision key={ids.join()} kind={kind} things={things} onDone={onDone} />
    </>
  );
}

type DecisionProps = { kind: ChosenKind; things: readonly Thing[]; onDone: (id: string) => void };

function Decision({ kind, things, onDone }: DecisionProps) {
  const { t } = useLingui();
  const refusal = useRefusal();
  const [into, setInto] = useState(() => likeliest(things));
  const [asking, setAsking] = useState(false);
  const stays = things.find((thing) => thing.id === into);
  const name = stays ? nameOf(stays) : "";
  const merge = useMutation({
    mutationFn: async () => {
      // One after the other: each is whole by itself, and the first that is refused ends it.
      for (const gone of things) if (gone.id !== into) await mergeInto(kind, gone.id, into);
    },
    onSuccess: () => onDone(into),
    onSettled: () => {
      setAsking(false);
      void queryClient.invalidateQueries();
    },
  });
  const what = moving(things, into);
  return (
    <>
      <Comparison things={things} into={into} onChoose={setInto} />
      <Panel title={t`What goes over to ${name}`}>
        <WhatMoves kind={kind} what={what} />
        <Button variant="primary" className="self-start" onPress={() => setAsking(true)}>
          <Merge aria-hidden className="size-4" />
          {t`Merge into ${name}`}
        </Button>
        {merge.isError ? (
          <p role="alert" className="rounded-md bg-danger-soft px-4 py-3 text-sm text-danger">
            {refusal(merge.error)}
          </p>
        ) : null}
      </Panel>
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => merge.mutate()}
        pending={merge.isPending}
        title={t`Merge into ${name}?`}
        confirmLabel={t`Merge`}
      >
        {what.names.join(", ")}
      </ConfirmDialog>
    </>
  );
}

function WhatMoves({ kind, what }: { kind: ChosenKind; what: Moving }) {
  const { t } = useLingui();
  const { albums, tracks, plays } = what;
  return (
    <ul className="flex list-disc flex-col gap-1.5 ps-5">
      {kind === "artist" ? (
        <li>
          <Plural value={albums} one="# album" other="# albums" />
        </li>
      ) : null}
      {kind === "track" ? null : (
        <li>
          <Plural value={tracks} one="# track" other="# tracks" />
        </li>
      )}
      <li>
        <Plural value={plays} one="# play" other="# plays" />
      </li>
      <li>{t`Likes and ratings of everybody; what somebody liked twice is liked once.`}</li>
      {kind === "artist" ? (
        <>
          <li>{t`Their names, as other names, and who manages them.`}</li>
          <li>{t`Credits on works of others, and memberships.`}</li>
        </>
      ) : (
        <li>{t`Places in playlists and queues; addresses of those that go lead to it.`}</li>
      )}
      <li>{t`What it lacks: picture, texts and codes.`}</li>
    </ul>
  );
}

function useRefusal(): (error: unknown) => string {
  const { t } = useLingui();
  const reasons: Record<string, string> = {
    itself: t`These are one already.`,
    out_of_sight: t`One of them was taken down, or its owner has left.`,
    across_libraries: t`They lie in different libraries.`,
    would_hide: t`The one that stays is not public, and the other is. Publish it first, or let the other stay.`,
  };
  return (error) => {
    const reason = error instanceof ApiError && error.code === "cannot_merge" ? error.members.reason : null;
    return (typeof reason === "string" ? reasons[reason] : undefined) ?? errorText(error);
  };
}

function Done({ id }: { id: string }) {
  const { t } = useLingui();
  return (
    <Panel title={t`They are one`}>
      <p role="status" className="text-lg">
        <SubjectLink id={id} />
      </p>
      <div className="flex flex-wrap gap-2">
        <Link
          to="/keeping/history/$contentId"
          params={{ contentId: id }}
          className={buttonClasses()}
          onClick={endChoosing}
        >{t`History`}</Link>
        <Link to="/library" className={buttonClasses("ghost")} onClick={endChoosing}>{t`To the library`}</Link>
        <Link
          to="/keeping/doubles"
          className={buttonClasses("ghost")}
          onClick={endChoosing}
        >{t`Possible doubles`}</Link>
      </div>
    </Panel>
  );
}
