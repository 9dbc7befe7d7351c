import { Plural, useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { useState } from "react";
import { ApiError } from "@/shared/api/errors";
import type { BulkPreview, BulkProblem, BulkResult } from "@/shared/api/types";
import { type Chosen, endChoosing, useChosen } from "@/shared/lib/chosen";
import { errorText } from "@/shared/lib/error-text";
import { queryClient } from "@/shared/lib/query";
import { Button, buttonClasses } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { Panel } from "@/features/studio/components/page";
import { changeMany, previewMany, undoMany } from "./api";
import { BulkFields } from "./components/bulk-fields";
import { ChosenTags } from "./components/chosen-tags";
import { KeepingPage } from "./components/page";
import { Differences, Problems } from "./components/preview";
import { type BulkKind, bulkOf, isUnfinished, type Row } from "./model/bulk";

/** One change to all that were chosen, or to none: looked at before it is made, and taken back in one go. */
export function BulkPage() {
  const { t } = useLingui();
  const { kind, items } = useChosen();
  return (
    <KeepingPage
      title={t`Edit together`}
      intro={t`The fields you add change in all of these at once, or, where they do not fit one of them, in none.`}
    >
      {(kind === "track" || kind === "album") && items.length > 0 ? (
        <Editor key={kind} kind={kind} items={items} />
      ) : (
        <EmptyState
          icon={<ListChecks />}
          title={t`Nothing is chosen`}
          actions={<Link to="/library" className={buttonClasses("primary")}>{t`To the library`}</Link>}
        >
          {t`Choose tracks or albums in the library, on an album or in a search.`}
        </EmptyState>
      )}
    </KeepingPage>
  );
}

/** What was in the way, where the server said so item by item. */
function problemsIn(error: unknown): BulkProblem[] | null {
  const items = error instanceof ApiError && error.code === "bulk_refused" ? error.members.items : null;
  return Array.isArray(items) ? (items as BulkProblem[]) : null;
}

function Editor({ kind, items }: { kind: BulkKind; items: readonly Chosen[] }) {
  const { t } = useLingui();
  const [rows, setRows] = useState<readonly Row[]>([]);
  const [seen, setSeen] = useState<BulkPreview | null>(null);
  const ids = items.map((item) => item.id);
  const preview = useMutation({ mutationFn: () => previewMany(kind, bulkOf(kind, ids, rows)), onSuccess: setSeen });
  const apply = useMutation({
    mutationFn: () => changeMany(kind, bulkOf(kind, ids, rows)),
    onSuccess: () => void queryClient.invalidateQueries(),
  });
  const ready = rows.length > 0 && !rows.some((row) => isUnfinished(row, kind));
  const refused = problemsIn(apply.error);
  const count = seen?.differences.length ?? 0;
  if (apply.data) return <Done kind={kind} result={apply.data} items={items} />;
  return (
    <>
      <ChosenTags
        items={items}
        onChange={() => {
          setSeen(null);
          apply.reset();
        }}
      />
      <Panel title={t`What changes`}>
        <BulkFields
          kind={kind}
          rows={rows}
          onChange={(changed) => {
            setRows(changed);
            setSeen(null);
            preview.reset();
            apply.reset();
          }}
        />
        <Button
          variant="primary"
          className="self-start"
          isDisabled={!ready}
          isPending={preview.isPending}
          onPress={() => preview.mutate()}
        >
          {t`Show what changes`}
        </Button>
        {preview.isError ? <Refusal error={preview.error} /> : null}
      </Panel>
      {seen ? (
        <Panel title={t`Before and after`}>
          {seen.problems.length > 0 ? <Problems problems={seen.problems} items={items} /> : null}
          <Differences differences={seen.differences} items={items} />
          {seen.problems.length === 0 && count > 0 ? (
            <Button variant="primary" className="self-start" isPending={apply.isPending} onPress={() => apply.mutate()}>
              <Plural value={count} one="Change # of them" other="Change # of them" />
            </Button>
          ) : null}
          {refused ? <Problems problems={refused} items={items} /> : null}
          {apply.isError && !refused ? <Refusal error={apply.error} /> : null}
        </Panel>
      ) : null}
    </>
  );
}

function Refusal({ error }: { error: unknown }) {
  const detail = error instanceof ApiError ? error.fields.map((field) => field.detail).join(" ") : "";
  return (
    <p role="alert" className="rounded-md bg-danger-soft px-4 py-3 text-sm text-danger">
      {detail || errorText(error)}
    </p>
  );
}

type DoneProps = { kind: BulkKind; result: BulkResult; items: readonly Chosen[] };

function Done({ kind, result, items }: DoneProps) {
  const { t } = useLingui();
  const count = result.changed.length;
  const undo = useMutation({
    mutationFn: () => undoMany(result),
    onSuccess: () => void queryClient.invalidateQueries(),
  });
  const first = items.find((item) => result.changed.includes(item.id));
  return (
    <Panel title={undo.isSuccess ? t`Taken back` : t`Done`}>
      <p role="status">
        {undo.isSuccess ? (
          t`All of them are as they were.`
        ) : (
          <Plural value={count} one="# was changed." other="# were changed." />
        )}
      </p>
      {undo.isError ? <Refusal error={undo.error} /> : null}
      <div className="flex flex-wrap gap-2">
        {count > 0 && !undo.isSuccess ? (
          <Button isPending={undo.isPending} onPress={() => undo.mutate()}>{t`Take all of them back`}</Button>
        ) : null}
        {first ? (
          <Link
            to="/keeping/history/$contentId"
            params={{ contentId: first.id }}
            className={buttonClasses("ghost")}
          >{t`History`}</Link>
        ) : null}
        <Link
          to="/library"
          search={kind === "track" ? { view: "tracks" } : {}}
          className={buttonClasses("ghost")}
          onClick={endChoosing}
        >{t`To the library`}</Link>
      </div>
    </Panel>
  );
}
