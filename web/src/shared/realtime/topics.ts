/** One event of a topic, as `/ws` sends it. */
export type TopicEvent = { topic: string; event: string; data: unknown };

/**
 * Who listens to a topic. `refetch` is called when events may have been missed: at the first subscription, and when
 * the server no longer has what was said meanwhile. What is shown is then to be fetched afresh.
 */
export type Watcher = {
  hear: (event: TopicEvent) => void;
  refetch?: (() => void) | undefined;
  here?: ((who: readonly Present[]) => void) | undefined;
};

/** Somebody who watches a topic and shows what they want others to know of it. */
export type Present = { id: string; user_id: string; data: unknown };

export type FromServer =
  | { type: "ready"; user_id: string | null; heartbeat_s: number }
  | { type: "subscribed" | "reset"; topic: string; cursor: string }
  | { type: "event"; topic: string; event: string; data: unknown; cursor: string }
  | { type: "presence"; topic: string; here: Present[]; count: number }
  | { type: "refused"; topic: string; code: string }
  | { type: "signed_out"; reason: string }
  | { type: "pong"; t?: number; at?: number }
  | { type: "unsubscribed" | "ping" | "error" };

type Known = { watchers: Set<Watcher>; cursor: string | null; live: boolean };

/** What this page listens to, and how far it has heard. Knows nothing of sockets. */
export class Topics {
  private readonly known = new Map<string, Known>();

  get size(): number {
    return this.known.size;
  }

  /** Whether the topic is new: then the server is to be asked for it. */
  watch(topic: string, watcher: Watcher): boolean {
    const found = this.known.get(topic);
    if (found) {
      found.watchers.add(watcher);
      if (found.live) watcher.refetch?.();
      return false;
    }
    this.known.set(topic, { watchers: new Set([watcher]), cursor: null, live: false });
    return true;
  }

  /** Whether nobody listens to the topic any more. */
  unwatch(topic: string, watcher: Watcher): boolean {
    const found = this.known.get(topic);
    if (!found?.watchers.delete(watcher) || found.watchers.size > 0) return false;
    this.known.delete(topic);
    return true;
  }

  /** What to ask the server for: from where each topic was heard last, if it was. */
  wanted(): { topic: string; cursor?: string }[] {
    return [...this.known].map(([topic, { cursor }]) => (cursor === null ? { topic } : { topic, cursor }));
  }

  isLive = (topic: string): boolean => this.known.get(topic)?.live ?? false;

  /** The connection is gone: what is said from now on has to be asked for again. */
  interrupt(): void {
    for (const topic of this.known.values()) topic.live = false;
  }

  /** Another person: places in topics are nobody's any more. */
  forget(): void {
    this.interrupt();
    for (const topic of this.known.values()) topic.cursor = null;
  }

  take(message: FromServer): void {
    if (!("topic" in message)) return;
    const found = this.known.get(message.topic);
    if (!found) return;
    if (message.type === "presence") {
      for (const { here } of [...found.watchers]) here?.(message.here);
      return;
    }
    if (message.type === "refused") {
      found.live = false;
      found.cursor = null;
      return;
    }
    const fresh = message.type === "reset" || (message.type === "subscribed" && found.cursor === null);
    found.cursor = message.cursor;
    found.live = true;
    if (fresh) for (const { refetch } of [...found.watchers]) refetch?.();
    if (message.type !== "event") return;
    const { topic, event, data } = message;
    for (const { hear } of [...found.watchers]) hear({ topic, event, data });
  }
}
