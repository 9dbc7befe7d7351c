/**
 * Reports of plays that the server has not acknowledged yet. They live in localStorage, one entry a session, so that
 * neither a lost connection nor a closed tab loses a play; event ids make every repeat harmless. What was heard is a
 * running sum: only the latest progress of a session has to get through.
 */
export type PendingPlay = {
  eventId: string;
  contentId: string;
  startedAt: string;
  /** Heard in a private session, also where that is over before the server hears of it. */
  private: boolean;
  owner: string;
  sessionId: string | null;
  progress: { eventId: string; positionMs: number; playedMs: number } | null;
  closed: boolean;
  touchedAt: number;
};

export type PlayServer = {
  start(contentId: string, eventId: string, startedAt: string, privately: boolean): Promise<string>;
  progress(sessionId: string, eventId: string, positionMs: number, playedMs: number): Promise<void>;
  /** Whether a failure may pass, so that the report is kept. */
  passes(error: unknown): boolean;
  /** Whether what begins now is for nobody else to see. */
  privately(): boolean;
};

const PREFIX = "antiphon.play.";
/** A tab that vanished never closes its entry; by then it has long stopped adding to it. */
const ABANDONED_MS = 30 * 60_000;
const RETRY_MS = 15_000;

export class PlayOutbox {
  private flushing: Promise<void> | null = null;
  private again = false;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly server: PlayServer,
    private readonly owner: () => string,
    private readonly storage: Storage = localStorage,
    private readonly now: () => number = Date.now,
  ) {}

  start(contentId: string, eventId: string): void {
    this.save({
      eventId,
      contentId,
      startedAt: new Date(this.now()).toISOString(),
      private: this.server.privately(),
      owner: this.owner(),
      sessionId: null,
      progress: null,
      closed: false,
      touchedAt: this.now(),
    });
    void this.flush();
  }

  progress(eventId: string, progress: NonNullable<PendingPlay["progress"]>, closed: boolean): void {
    const entry = this.read(PREFIX + eventId);
    if (!entry || entry.closed) return;
    this.save({ ...entry, progress, closed, touchedAt: this.now() });
    void this.flush();
  }

  pending(): PendingPlay[] {
    const found: PendingPlay[] = [];
    for (let index = 0; index < this.storage.length; index += 1) {
      const key = this.storage.key(index);
      const entry = key?.startsWith(PREFIX) ? this.read(key) : null;
      if (entry) found.push(entry);
    }
    return found.sort((a, b) => a.startedAt.localeCompare(b.startedAt));
  }

  /** Sends what is waiting, one report at a time; what fails for a passing reason is tried again later. */
  flush(): Promise<void> {
    if (this.flushing) {
      this.again = true;
      return this.flushing;
    }
    this.flushing = this.run().finally(() => {
      this.flushing = null;
      if (!this.again) return;
      this.again = false;
      void this.flush();
    });
    return this.flushing;
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer);
    for (const entry of this.pending()) {
      if (entry.owner !== this.owner()) continue;
      try {
        await this.send(entry);
      } catch (error) {
        if (this.server.passes(error)) {
          this.timer = setTimeout(() => void this.flush(), RETRY_MS);
          return;
        }
        this.storage.removeItem(PREFIX + entry.eventId);
      }
    }
  }

  private async send(entry: PendingPlay): Promise<void> {
    const key = PREFIX + entry.eventId;
    if (entry.sessionId === null) {
      const sessionId = await this.server.start(entry.contentId, entry.eventId, entry.startedAt, entry.private);
      const latest = this.read(key);
      if (!latest) return;
      entry = { ...latest, sessionId };
      this.save(entry);
    }
    const { progress, sessionId } = entry;
    if (progress && sessionId) {
      await this.server.progress(sessionId, progress.eventId, progress.positionMs, progress.playedMs);
      const latest = this.read(key);
      if (!latest) return;
      entry = latest.progress?.eventId === progress.eventId ? { ...latest, progress: null } : latest;
      this.save(entry);
    }
    const abandoned = this.now() - entry.touchedAt > ABANDONED_MS;
    if (entry.progress === null && (entry.closed || abandoned)) this.storage.removeItem(key);
  }

  private read(key: string): PendingPlay | null {
    try {
      return JSON.parse(this.storage.getItem(key) ?? "null") as PendingPlay | null;
    } catch {
      return null;
    }
  }

  private save(entry: PendingPlay): void {
    try {
      this.storage.setItem(PREFIX + entry.eventId, JSON.stringify(entry));
    } catch {
      // A full storage costs the memory of this report, never the music.
    }
  }
}
