/** This device's copy of the queue on the server, and what events make of it. Pure. */
import type { QueueChanges, QueueEntry, QueueEvent, QueueHead, SavedQueue } from "@/shared/api/types";

export type Copy = { revision: number; head: QueueHead; entries: readonly QueueEntry[] };

export const copyOf = ({ revision, head, entries }: SavedQueue): Copy => ({ revision, head, entries });

/** What is told of events, live or asked for. */
export type Told = Pick<QueueChanges, "revision" | "reset" | "events" | "order">;

/** The copy after what was told; null where that does not lead there, and more has to be asked for. */
export function withChanges(copy: Copy, told: Told): Copy | null {
  if (told.revision <= copy.revision) return copy;
  const events = told.events.filter((event) => event.revision > copy.revision);
  if (told.reset || events[0]?.revision !== copy.revision + 1) return null;
  const after = events.reduce(withEvent, copy);
  if (told.order !== null) return { ...after, entries: inOrder(after.entries, told.order) };
  return events.some((event) => event.reordered) ? null : after;
}

function withEvent(copy: Copy, event: QueueEvent): Copy {
  let entries = event.cleared ? [] : copy.entries;
  const gone = new Set(event.removed);
  for (const run of event.placed) for (const { id } of run.entries) gone.add(id);
  if (gone.size > 0) entries = entries.filter(({ id }) => !gone.has(id));
  for (const { after, entries: run } of event.placed) {
    // Behind an entry that is not there (any more) means at the end.
    const at = after === null ? 0 : entries.findIndex(({ id }) => id === after) + 1 || entries.length;
    entries = [...entries.slice(0, at), ...run, ...entries.slice(at)];
  }
  return { revision: event.revision, head: event.head, entries };
}

function inOrder(entries: readonly QueueEntry[], order: readonly string[]): QueueEntry[] {
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  return order.map((id) => byId.get(id) ?? { id, content_id: null });
}
