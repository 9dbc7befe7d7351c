import type { LyricsLine } from "@/shared/api/types";

/** The line that is sung at `ms`; -1 before the first. Lines are in the order of their beginnings. */
export function lineAt(lines: readonly Pick<LyricsLine, "start_ms">[], ms: number): number {
  let low = 0;
  let high = lines.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle]?.start_ms ?? 0) <= ms) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** The word after the one that is sung at `ms`, or the one before it. */
export function wordBeside<T extends { start_ms: number }>(
  words: readonly T[],
  ms: number,
  step: 1 | -1,
): T | undefined {
  const sung = words.findLastIndex((word) => word.start_ms <= ms);
  return words[sung + step];
}

export type Draft = { text: string; startMs: number | null };

/** What was typed, with the times of lines that say the same as before, in their order. */
export function retyped(text: string, before: readonly Draft[]): Draft[] {
  const known = [...before];
  return text.split("\n").map((raw) => {
    const line = raw.trim();
    const at = known.findIndex((draft) => draft.text === line);
    if (at < 0) return { text: line, startMs: null };
    const [found] = known.splice(0, at + 1).slice(-1);
    return { text: line, startMs: found?.startMs ?? null };
  });
}

/** The line `index` begins at `ms`. Never before the line above it; what comes later and would begin earlier is open again. */
export function stamped(lines: readonly Draft[], index: number, ms: number): Draft[] {
  const above = lines.slice(0, index).findLast((line) => line.startMs !== null)?.startMs ?? 0;
  const at = Math.max(0, Math.round(ms), above);
  return lines.map((line, place) => {
    if (place === index) return { ...line, startMs: at };
    return place > index && line.startMs !== null && line.startMs < at ? { ...line, startMs: null } : line;
  });
}

/** The first line without a time; the number of lines where all have one. */
export function nextOpen(lines: readonly Draft[]): number {
  const at = lines.findIndex((line) => line.startMs === null);
  return at < 0 ? lines.length : at;
}
