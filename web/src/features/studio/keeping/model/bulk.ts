/** One change to many: which fields there are for each kind, and what is asked of the server. */
import type { BulkChange } from "@/shared/api/types";
import type { Performer } from "@/features/studio/model/fields";

export type BulkKind = "album" | "track";
export type Words = "genres" | "moods" | "tags";
export type Mode = "replace" | "add" | "remove";

/** How a field is filled in. */
export type Shape = "words" | "text" | "lines" | "year" | "switch" | "date" | "album-kind" | "artists" | "countries";

export const FIELDS: Record<BulkKind, Record<string, Shape>> = {
  track: {
    genres: "words",
    moods: "words",
    tags: "words",
    artists: "artists",
    year: "year",
    explicit: "switch",
    disc_number: "year",
    disc_title: "text",
    version_title: "text",
    language: "text",
    work: "text",
    copyright: "text",
    description: "lines",
    comment: "lines",
  },
  album: {
    artists: "artists",
    label: "text",
    album_kind: "album-kind",
    release_date: "date",
    original_date: "date",
    edition: "text",
    moods: "words",
    tags: "words",
    explicit: "switch",
    compilation: "switch",
    territories: "countries",
    description: "lines",
  },
};

/** A field that is changed, with what it becomes; words can also be put to those that each has, or taken from them. */
export type Row = { field: string; mode: Mode; value: unknown };

export function firstValue(shape: Shape): unknown {
  switch (shape) {
    case "words":
    case "artists":
    case "countries":
      return [];
    case "switch":
      return true;
    case "album-kind":
      return "album";
    case "year":
      return null;
    case "date":
      return { date: null, precision: "day" };
    default:
      return "";
  }
}

/** Texts that may be none at all rather than empty. */
const OR_NONE = new Set(["disc_title", "language"]);

function sent(field: string, shape: Shape, value: unknown): Record<string, unknown> {
  if (shape === "date") {
    const { date, precision } = value as { date: string | null; precision: string };
    return { [field]: date, [field.replace("_date", "_precision")]: precision };
  }
  if (shape === "artists") {
    const artists = (value as Performer[]).map(({ id, name, own, joined_by }) => ({
      artist_id: id,
      credited_as: name.trim() === "" || name.trim() === own ? null : name.trim(),
      joined_by,
    }));
    return { artists };
  }
  if (OR_NONE.has(field)) return { [field]: String(value).trim() || null };
  return { [field]: value };
}

export function bulkOf(kind: BulkKind, ids: readonly string[], rows: readonly Row[]): BulkChange {
  const change: Record<string, unknown> = {};
  const words: Record<"add" | "remove", Partial<Record<Words, string[]>>> = { add: {}, remove: {} };
  for (const { field, mode, value } of rows) {
    const shape = FIELDS[kind][field];
    if (shape === undefined) continue;
    if (shape === "words" && mode !== "replace") words[mode][field as Words] = value as string[];
    else Object.assign(change, sent(field, shape, value));
  }
  return { ids: [...ids], change, ...words };
}

/** A row that says nothing yet: sending it would empty a field by accident, or fit nothing. */
export function isUnfinished({ field, mode, value }: Row, kind: BulkKind): boolean {
  const shape = FIELDS[kind][field];
  if (shape === "artists") return (value as unknown[]).length === 0;
  return shape === "words" && mode !== "replace" && (value as unknown[]).length === 0;
}
