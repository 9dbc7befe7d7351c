/** What a public id names, by its first letters. */
export type SubjectKind = "artist" | "album" | "track" | "genre" | "playlist";

const KINDS: Record<string, SubjectKind> = {
  art: "artist",
  alb: "album",
  trk: "track",
  gen: "genre",
  pls: "playlist",
};

export const subjectKind = (id: string): SubjectKind | null => KINDS[id.split("_", 1)[0] ?? ""] ?? null;
