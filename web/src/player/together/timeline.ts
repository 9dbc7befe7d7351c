/** Where a room is, from what its head says and the time alone: the same rules as `model_jam.py` on the server. */

/** The current entry is at `positionMs` at the moment `atMs` of the server's clock. */
export type Head = { current: string | null; playing: boolean; positionMs: number; atMs: number };
export type Piece = {
  key: string;
  trackId: string;
  durationMs: number;
  /** This person may not hear it: they hear nothing, for as long as it takes. */
  silent: boolean;
};
export type Score = { head: Head; current: Piece | null; coming: readonly Piece[] };

/** Milliseconds from the beginning of the current entry; before the head's moment, where it will begin. */
export function positionAt(head: Head, now: number): number {
  const passed = head.playing && head.current !== null ? now - head.atMs : 0;
  return head.positionMs + Math.max(0, passed);
}

/** What plays now. When an entry is over the next begins, exactly then, whether or not anybody says so. */
export function settled(score: Score, now: number): Score {
  let { head, current, coming } = score;
  while (head.playing && current !== null) {
    const ends: number = head.atMs + Math.max(0, current.durationMs - head.positionMs);
    if (now < ends) break;
    const next: Piece | null = coming[0] ?? null;
    head = { current: next?.key ?? null, playing: true, positionMs: 0, atMs: ends };
    current = next;
    coming = coming.slice(1);
  }
  return { head, current, coming };
}
