/** A passage that is played again and again, from A to B. Milliseconds. */
export type Loop = { a: number; b: number | null };

const SHORTEST_MS = 500;
/** The very end belongs to the track that follows. */
const END_MS = 150;

/** What the one key for loops does next: mark A, mark B, let go. */
export function nextLoop(loop: Loop | null, positionMs: number, durationMs: number): Loop | null {
  const at = Math.max(0, Math.round(positionMs));
  if (loop === null) return { a: Math.min(at, Math.max(0, durationMs - END_MS - SHORTEST_MS)), b: null };
  if (loop.b !== null) return null;
  const b = Math.min(at, durationMs - END_MS);
  // Marked backwards, or after a seek to before A: the two change places.
  const [first, last] = b >= loop.a ? [loop.a, b] : [b, loop.a];
  return last - first >= SHORTEST_MS ? { a: first, b: last } : { a: first, b: first + SHORTEST_MS };
}

/** Milliseconds of the track until the loop begins again; null: there is none to wait for. 0: now. */
export function untilTurn(loop: Loop | null, positionMs: number): number | null {
  if (loop?.b == null || positionMs < loop.a - SHORTEST_MS) return null;
  return Math.max(0, loop.b - positionMs);
}
