/** What an edit changed, field by field, in a form that can be shown. No words here: those are the page's. */
import type { GenreNode } from "@/shared/api/types";

export type Change = { field: string; before: unknown; after: unknown };

/** Facts of an album are read from the first to the last line of a sleeve; what is not here comes after, by its name. */
const ORDER = [
  "name",
  "title",
  "sort_name",
  "sort_title",
  "version_title",
  "artists",
  "album_id",
  "disc_number",
  "track_number",
  "album_kind",
  "genres",
  "moods",
  "tags",
  "year",
  "release_date",
];

const place = (field: string): number => (ORDER.includes(field) ? ORDER.indexOf(field) : ORDER.length);

export function changesOf(before: Record<string, unknown>, after: Record<string, unknown>): Change[] {
  return Object.keys(after)
    .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
    .map((field) => ({ field, before: before[field], after: after[field] }));
}

export type Part = { text: string } | { artistId: string };

const isRow = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" || typeof value === "number" ? String(value) : "");

function joined(rows: readonly Record<string, unknown>[], parts: (row: Record<string, unknown>) => Part[]): Part[] {
  return rows.flatMap((row, index) => [...parts(row), ...(index < rows.length - 1 ? [{ text: ", " }] : [])]);
}

/** An artist is named by the credit, or else by its profile, which has to be asked for. */
const named = (row: Record<string, unknown>): Part =>
  row.credited_as || row.name ? { text: text(row.credited_as ?? row.name) } : { artistId: text(row.artist_id) };

function years(row: Record<string, unknown>): string {
  const span = row.since_year || row.until_year ? `${text(row.since_year)}–${text(row.until_year)}` : "";
  const told = [text(row.role), span].filter(Boolean).join(", ");
  return told ? ` (${told})` : "";
}

/** A list or a table of the catalogue as a line of text with names to be filled in; null for what is no such value. */
export function partsOf(field: string, value: unknown): Part[] | null {
  if (field === "disc_titles" && isRow(value)) {
    return [
      {
        text: Object.entries(value)
          .map(([disc, title]) => `${disc}: ${text(title)}`)
          .join(", "),
      },
    ];
  }
  if (!Array.isArray(value)) return null;
  if (!value.every(isRow)) return [{ text: value.map(text).join(", ") }];
  switch (field) {
    case "artists":
      return value.flatMap((row, index) => [
        named(row),
        ...(index < value.length - 1 ? [{ text: text(row.joined_by) || ", " }] : []),
      ]);
    case "credits":
      return joined(value, (row) => [{ text: `${text(row.name)} (${text(row.role)})` }]);
    case "members":
      return joined(value, (row) => [{ artistId: text(row.artist_id) }, { text: years(row) }]);
    case "aliases":
      return joined(value, (row) => [{ text: text(row.name) + (row.language ? ` (${text(row.language)})` : "") }]);
    case "links":
      return joined(value, (row) => [{ text: row.name ? `${text(row.name)}: ${text(row.url)}` : text(row.url) }]);
    default:
      return [{ text: JSON.stringify(value) }];
  }
}

export const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === "" ||
  (Array.isArray(value) && value.length === 0) ||
  (isRow(value) && Object.keys(value).length === 0);

/** A genre anywhere in the tree. */
export function findGenre(nodes: readonly GenreNode[], id: string): GenreNode | null {
  for (const node of nodes) {
    const found = node.id === id ? node : findGenre(node.children, id);
    if (found) return found;
  }
  return null;
}
