import { useLingui } from "@lingui/react/macro";
import { Trash2 } from "lucide-react";
import { IconButton } from "@/shared/ui/button";
import { Select, TextField } from "@/shared/ui/fields";
import { Switch } from "@/shared/ui/switch";
import { ArtistsField } from "@/features/studio/components/artists-field";
import { CountriesField } from "@/features/studio/components/countries-field";
import { DateField } from "@/features/studio/components/date-field";
import { NumberField } from "@/features/studio/components/number-field";
import { GenresField, MoodsField, TagsField } from "@/features/studio/components/word-fields";
import { useWords } from "@/features/studio/components/words";
import type { KnownDate } from "@/features/studio/model/dates";
import type { Performer } from "@/features/studio/model/fields";
import { type BulkKind, FIELDS, firstValue, type Mode, type Row } from "@/features/studio/keeping/model/bulk";
import { useFieldNames } from "./field-names";

type BulkFieldsProps = { kind: BulkKind; rows: readonly Row[]; onChange: (rows: readonly Row[]) => void };

/** The fields that change: each is added when it is wanted, so that nothing else is touched. */
export function BulkFields({ kind, rows, onChange }: BulkFieldsProps) {
  const { t } = useLingui();
  const nameOf = useFieldNames();
  const taken = new Set(rows.map((row) => row.field));
  const change = (field: string, part: Partial<Row>): void =>
    onChange(rows.map((row) => (row.field === field ? { ...row, ...part } : row)));
  return (
    <div className="flex flex-col gap-5">
      {rows.map((row) => {
        const name = nameOf(row.field);
        return (
          <div key={row.field} role="group" aria-label={name} className="flex items-start gap-2">
            <div className="flex min-w-0 flex-1 flex-col gap-3">
              <Field kind={kind} row={row} change={(part) => change(row.field, part)} />
            </div>
            <IconButton
              label={t`Do not change ${name}`}
              onPress={() => onChange(rows.filter((other) => other !== row))}
            >
              <Trash2 aria-hidden className="size-5" />
            </IconButton>
          </div>
        );
      })}
      <Select
        label={t`Add a field`}
        value={null}
        placeholder={t`Choose what changes`}
        className="max-w-sm"
        onChange={(field) =>
          onChange([...rows, { field, mode: "add", value: firstValue(FIELDS[kind][field] ?? "text") }])
        }
        options={Object.keys(FIELDS[kind])
          .filter((field) => !taken.has(field))
          .map((field) => ({ id: field, label: nameOf(field) }))}
      />
    </div>
  );
}

type FieldProps = { kind: BulkKind; row: Row; change: (part: Partial<Row>) => void };

function Field({ kind, row, change }: FieldProps) {
  const { t } = useLingui();
  const nameOf = useFieldNames();
  const words = useWords();
  const label = nameOf(row.field);
  const set = (value: unknown): void => change({ value });
  switch (FIELDS[kind][row.field]) {
    case "words":
      return <WordsRow row={row} change={change} />;
    case "artists":
      return <ArtistsField value={row.value as Performer[]} onChange={set} />;
    case "countries":
      return <CountriesField value={row.value as string[] | null} onChange={set} />;
    case "switch":
      return <Switch label={label} help={row.value ? t`yes` : t`no`} checked={row.value === true} onChange={set} />;
    case "year":
      return <NumberField label={label} value={row.value as number | null} onChange={set} error={null} />;
    case "date":
      return <DateField label={label} {...(row.value as KnownDate)} onChange={set} error={null} />;
    case "album-kind":
      return (
        <Select
          label={label}
          value={String(row.value)}
          onChange={set}
          options={Object.entries(words.albumKind).map(([id, name]) => ({ id, label: name }))}
        />
      );
    default:
      return (
        <TextField
          label={label}
          value={String(row.value)}
          onChange={set}
          rows={FIELDS[kind][row.field] === "lines" ? 4 : 1}
          maxLength={FIELDS[kind][row.field] === "lines" ? 5000 : 300}
          dir="auto"
        />
      );
  }
}

function WordsRow({ row, change }: Omit<FieldProps, "kind">) {
  const { t } = useLingui();
  const props = { value: row.value as string[], onChange: (value: string[]) => change({ value }) };
  return (
    <>
      <Select<Mode>
        label={t`What happens to the words`}
        value={row.mode}
        onChange={(mode) => change({ mode })}
        className="max-w-sm"
        options={[
          { id: "add", label: t`Put to those that each has` },
          { id: "remove", label: t`Taken from those that each has` },
          { id: "replace", label: t`Take the place of all` },
        ]}
      />
      {row.field === "genres" ? <GenresField {...props} /> : null}
      {row.field === "moods" ? <MoodsField {...props} /> : null}
      {row.field === "tags" ? <TagsField {...props} /> : null}
    </>
  );
}
