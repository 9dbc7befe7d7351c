import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { History, Merge, Plus } from "lucide-react";
import { useState } from "react";
import { ApiError } from "@/shared/api/errors";
import { errorText } from "@/shared/lib/error-text";
import { Button, buttonClasses } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { Select, TextField } from "@/shared/ui/fields";
import { NameDialog } from "@/shared/ui/name-dialog";
import { toast } from "@/shared/ui/toast";
import { Panel } from "@/features/studio/components/page";
import { WordsField } from "@/features/studio/components/words-field";
import { changeGenre, createGenre, mergeGenre, takeTree } from "@/features/studio/keeping/api";
import { findGenre } from "@/features/studio/keeping/model/changes";
import { idsWithin, type Placed } from "@/features/studio/keeping/model/genres";

const TOP = "top";

type PanelProps = { placed: Placed; all: readonly Placed[]; onGone: (next: string | null) => void };

/** One genre: its names, its place, and the one that it may be the same as. */
export function GenrePanel({ placed, all, onGone }: PanelProps) {
  const { t } = useLingui();
  const { genre, parentId } = placed;
  const called = genre.name;
  const [name, setName] = useState(genre.name);
  const [aliases, setAliases] = useState<readonly string[]>(genre.aliases);
  const [parent, setParent] = useState(parentId ?? TOP);
  const [making, setMaking] = useState(false);
  const within = idsWithin(genre);
  const others = all.filter((one) => !within.has(one.genre.id));
  const options = others.map(({ genre: { id }, path }) => ({ id, label: path }));
  const sameNames = aliases.join("\n") === genre.aliases.join("\n");
  const save = useMutation({
    mutationFn: () =>
      changeGenre(genre.id, {
        ...(name.trim() === genre.name ? {} : { name: name.trim() }),
        ...(parent === (parentId ?? TOP) ? {} : { parent_id: parent === TOP ? null : parent }),
        ...(sameNames ? {} : { aliases: [...aliases] }),
      }),
    onSuccess: (tree) => {
      toast(t`Saved`, "success");
      takeTree(tree);
      // The server puts a name that was left to the other names.
      setAliases(findGenre(tree, genre.id)?.aliases ?? []);
    },
  });
  const changed = name.trim() !== genre.name || parent !== (parentId ?? TOP) || !sameNames;
  return (
    <Panel title={genre.name}>
      <TextField
        label={t`Name`}
        value={name}
        onChange={setName}
        help={t`A name that is left goes on being understood as this genre.`}
        maxLength={60}
        dir="auto"
      />
      <WordsField
        label={t`Other names`}
        placeholder={t`Type a name and press Enter`}
        chosenLabel={t`Other names of ${called}`}
        value={aliases}
        onChange={setAliases}
        most={100}
      />
      <Select
        label={t`Stands under`}
        value={parent}
        onChange={setParent}
        options={[{ id: TOP, label: t`At the top` }, ...options]}
      />
      {save.isError ? <Refusal error={save.error} /> : null}
      <div className="flex flex-wrap gap-2">
        <Button
          variant="primary"
          isDisabled={!changed || name.trim() === ""}
          isPending={save.isPending}
          onPress={() => save.mutate()}
        >{t`Save`}</Button>
        <Button onPress={() => setMaking(true)}>
          <Plus aria-hidden className="size-4" />
          {t`Narrower genre`}
        </Button>
        <Link to="/keeping/history/$contentId" params={{ contentId: genre.id }} className={buttonClasses("ghost")}>
          <History aria-hidden className="size-4" />
          {t`History`}
        </Link>
      </div>
      <MergeInto placed={placed} options={options} onGone={onGone} />
      {making ? (
        <NameDialog
          title={t`Narrower genre`}
          help={t`It stands under this genre.`}
          suggestion=""
          onClose={() => setMaking(false)}
          onName={async (named) => takeTree(await createGenre(named, genre.id))}
        />
      ) : null}
    </Panel>
  );
}

type MergeProps = { placed: Placed; options: { id: string; label: string }[]; onGone: (next: string | null) => void };

function MergeInto({ placed: { genre }, options, onGone }: MergeProps) {
  const { t } = useLingui();
  const [into, setInto] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const target = options.find((one) => one.id === into)?.label ?? "";
  const merge = useMutation({
    mutationFn: () => mergeGenre(genre.id, into ?? ""),
    onSuccess: (tree) => {
      takeTree(tree);
      onGone(into);
    },
    onSettled: () => setAsking(false),
  });
  const { name } = genre;
  return (
    <div className="flex flex-col gap-3 border-t border-line pt-5">
      <Select
        label={t`The same as`}
        value={into}
        placeholder={t`Choose a genre`}
        onChange={setInto}
        options={options}
        help={t`Its tracks and narrower genres go over, and its name is understood as the other.`}
      />
      <Button className="self-start" isDisabled={into === null} onPress={() => setAsking(true)}>
        <Merge aria-hidden className="size-4" />
        {t`Merge`}
      </Button>
      {merge.isError ? <Refusal error={merge.error} /> : null}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => merge.mutate()}
        pending={merge.isPending}
        title={t`Merge “${name}” into “${target}”?`}
        confirmLabel={t`Merge`}
      >
        {t`Its tracks and narrower genres go over, and its name is understood as the other.`}
      </ConfirmDialog>
    </div>
  );
}

function Refusal({ error }: { error: unknown }) {
  const { t } = useLingui();
  const codes = error instanceof ApiError ? error.fields.map((field) => field.code) : [];
  const text = codes.includes("taken")
    ? t`Another genre has this name already.`
    : codes.includes("ring")
      ? t`A genre cannot stand under itself, or under a narrower one.`
      : errorText(error);
  return (
    <p role="alert" className="rounded-md bg-danger-soft px-4 py-3 text-sm text-danger">
      {text}
    </p>
  );
}
