import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { ApiError } from "@/shared/api/errors";
import type { Edit } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { ago, dateAndTime } from "@/shared/lib/format";
import { queryClient } from "@/shared/lib/query";
import { Badge } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";
import { toast } from "@/shared/ui/toast";
import { personQuery, undoEdit } from "@/features/studio/keeping/api";
import { Changes } from "./changes";
import { useFieldNames } from "./field-names";

/** One edit: who, when, what it changed, and the way back. */
export function EditEntry({ edit }: { edit: Edit }) {
  const { t } = useLingui();
  const actions: Record<Edit["action"], string> = {
    edit: t`Edited`,
    undo: t`Took an edit back`,
    merge: t`Merged`,
    split: t`Split off`,
  };
  return (
    <li className="flex flex-col gap-4 rounded-lg border border-line bg-raised p-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="font-semibold">{actions[edit.action]}</span>
        <span className="text-sm text-muted">
          <Editor id={edit.edited_by} />
          {" · "}
          <time dateTime={edit.edited_at} title={dateAndTime(edit.edited_at)}>
            {ago(edit.edited_at)}
          </time>
        </span>
        {edit.undone ? <Badge>{t`Taken back`}</Badge> : null}
        {edit.batch ? <Badge tone="accent">{t`One of several at once`}</Badge> : null}
      </div>
      {edit.action === "merge" || edit.action === "split" ? (
        <Joined edit={edit} />
      ) : (
        <Changes before={edit.before} after={edit.after} />
      )}
      <Undo edit={edit} />
    </li>
  );
}

function Editor({ id }: { id: string | null }) {
  const { t } = useLingui();
  const person = useQuery({ ...personQuery(id ?? ""), enabled: id !== null });
  if (id === null) return <>{t`somebody who left`}</>;
  if (person.isError) return <>{t`somebody with a private profile`}</>;
  return <bdi className="font-semibold text-ink">{person.data?.display_name ?? "…"}</bdi>;
}

/** What was merged into this, or what this was split off from. */
function Joined({ edit }: { edit: Edit }) {
  const { t } = useLingui();
  const merged = edit.before.merged as Record<string, unknown> | undefined;
  const name = String(merged?.title ?? merged?.name ?? "");
  if (edit.action === "split") return <p>{t`This was made of a part of another one.`}</p>;
  return <p>{name ? t`“${name}” became a part of this.` : t`Another one became a part of this.`}</p>;
}

function useRefusal(): (error: unknown) => string {
  const { t } = useLingui();
  const nameOf = useFieldNames();
  return (error) => {
    if (!(error instanceof ApiError)) return errorText(error);
    const found = error.members.fields;
    const fields = Array.isArray(found) ? found.map((field) => nameOf(String(field))).join(", ") : "";
    switch (error.code) {
      case "edit_overtaken":
        return fields
          ? t`Changed again since then, or not there any more: ${fields}. Take the later edit back first.`
          : t`A later edit touched the same fields. Take that one back first.`;
      case "edit_final":
        return t`Splitting, and merges of before, cannot be taken back.`;
      case "edit_not_found":
        return t`What was edited is not there any more.`;
      default:
        return errorText(error);
    }
  };
}

function Undo({ edit }: { edit: Edit }) {
  const { t } = useLingui();
  const refusal = useRefusal();
  const undo = useMutation({
    mutationFn: (wholeBatch: boolean) => undoEdit(edit.id, wholeBatch),
    onSuccess: () => {
      toast(t`Taken back`, "success");
      void queryClient.invalidateQueries();
    },
  });
  if (edit.undone || edit.action === "split") return null;
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-2">
        <Button size="sm" isPending={undo.isPending} onPress={() => undo.mutate(false)}>
          <Undo2 aria-hidden className="flip-rtl size-4" />
          {t`Take back`}
        </Button>
        {edit.batch ? (
          <Button size="sm" variant="ghost" isPending={undo.isPending} onPress={() => undo.mutate(true)}>
            {t`Take all of them back`}
          </Button>
        ) : null}
      </div>
      {undo.isError ? (
        <p role="alert" className="rounded-md bg-danger-soft px-4 py-3 text-sm text-danger">
          {refusal(undo.error)}
        </p>
      ) : null}
    </div>
  );
}
