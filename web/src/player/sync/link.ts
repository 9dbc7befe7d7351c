/**
 * Keeps this device and the queue on the server of one mind. What is done here is told at once, or when the network is
 * back; what others do comes in as events. As long as something is untold the guess of this device is shown, afterwards
 * the server's order holds. Knows nothing of sound, pages or sockets.
 */
import type { QueueChanges, QueueCommand, SavedQueue, Track } from "@/shared/api/types";
import { type Copy, copyOf, type Told, withChanges } from "./copy";

/** A command and when it was made; the server is told the time of what comes late. */
export type Pending = { command: QueueCommand; madeAt: number };

export type QueueServer = {
  fetch(): Promise<SavedQueue>;
  since(revision: number): Promise<QueueChanges>;
  tell(revision: number, commands: QueueCommand[]): Promise<QueueChanges>;
  /** Whether a failure may pass, so that what is untold is kept. */
  passes(error: unknown): boolean;
};

export type LinkEars = {
  /**
   * Everything that was done here is told. `foreign`: another device has done something since the last time; `live`:
   * just now.
   */
  shown(copy: Copy, foreign: boolean, live: boolean): void;
  tracks(tracks: readonly Track[], fetched: SavedQueue | null): void;
  refused(code: string): void;
  untold(pending: readonly Pending[]): void;
};

const AT_ONCE = 500;
/** What comes sooner is stamped by the server, whose clock is the better one. */
const LATE_MS = 5_000;
const RETRY_MS = [1_000, 3_000, 10_000, 30_000] as const;

export class QueueLink {
  private readonly mine = new Set<string>();
  private heardOf = 0;
  private busy = false;
  private sending = 0;
  private ended = false;
  private foreign = false;
  private refetch = true;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly server: QueueServer,
    private readonly ears: LinkEars,
    private copy: Copy | null = null,
    private pending: Pending[] = [],
    private readonly now: () => number = Date.now,
  ) {}

  get revision(): number | null {
    return this.pending.length === 0 ? (this.copy?.revision ?? null) : null;
  }

  /** Whether others know of all that was done here, but for where the music is. */
  get settled(): boolean {
    return this.pending.every(({ command }) => command.kind === "position");
  }

  tell(...commands: QueueCommand[]): void {
    for (const command of commands) {
      this.mine.add(command.id);
      const last = this.pending.length > this.sending ? this.pending.at(-1)?.command : undefined;
      // Of several places in one entry only the last is worth telling.
      if (command.kind === "position" && last?.kind === "position" && last.entry === command.entry) this.pending.pop();
      this.pending.push({ command, madeAt: this.now() });
    }
    this.ears.untold(this.pending);
    void this.work();
  }

  /** What the topic of the queue says. */
  hear(told: { revision: number; events?: QueueChanges["events"] }): void {
    this.heardOf = Math.max(this.heardOf, told.revision);
    if (this.busy || this.pending.length > 0 || this.copy === null) return void this.work();
    const next = withChanges(this.copy, { ...told, reset: false, events: told.events ?? [], order: null });
    if (next === null) return void this.work();
    if (next === this.copy) return;
    this.note(told.events ?? []);
    this.copy = next;
    this.show(true);
  }

  /** When nothing is untold any more, or after so long. */
  async told(withinMs: number): Promise<void> {
    if (this.pending.length === 0) return;
    await new Promise<void>((resolve) => {
      const late = setTimeout(resolve, withinMs);
      this.waiting.push(() => {
        clearTimeout(late);
        resolve();
      });
    });
  }

  /** Something may have been missed. */
  look(): void {
    this.refetch = true;
    void this.work();
  }

  /** The network is back, or somebody thinks so. */
  tryAgain(): void {
    if (this.failures > 0) void this.work();
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.timer);
  }

  private async work(): Promise<void> {
    if (this.busy || this.ended) return;
    this.busy = true;
    clearTimeout(this.timer);
    try {
      while (!this.isEnded() && (await this.step()));
      this.failures = 0;
    } catch (error) {
      this.fail(error);
      return;
    } finally {
      this.busy = false;
      this.sending = 0;
    }
    if (!this.isEnded()) this.show(false);
  }

  private readonly isEnded = (): boolean => this.ended;

  private async step(): Promise<boolean> {
    if (this.pending.length > 0) await this.flush();
    else if (this.refetch || this.copy === null || this.heardOf > this.copy.revision) await this.catchUp();
    else return false;
    return true;
  }

  private async flush(): Promise<void> {
    const batch = this.pending.slice(0, AT_ONCE);
    this.sending = batch.length;
    const commands = batch.map(({ command, madeAt }) => timed(command, madeAt, this.now()));
    const answer = await this.server.tell(this.copy?.revision ?? 0, commands).catch((error: unknown) => {
      if (!this.server.passes(error)) this.forget(batch);
      throw error;
    });
    this.forget(batch);
    for (const { code } of answer.refused ?? []) this.ears.refused(code);
    await this.take(answer);
  }

  private forget(batch: readonly Pending[]): void {
    this.pending = this.pending.slice(batch.length);
    this.sending = 0;
    this.ears.untold(this.pending);
    if (this.pending.length > 0) return;
    for (const resolve of this.waiting.splice(0)) resolve();
  }

  private async catchUp(): Promise<void> {
    if (this.copy === null) return this.fetch();
    this.refetch = false;
    await this.take(await this.server.since(this.copy.revision));
  }

  private async take(told: Told & Pick<QueueChanges, "tracks">): Promise<void> {
    const next = this.copy && withChanges(this.copy, told);
    if (next === null) return this.fetch();
    this.note(told.events.filter(({ revision }) => revision > (this.copy?.revision ?? 0)));
    this.ears.tracks(told.tracks, null);
    this.copy = next;
  }

  private async fetch(): Promise<void> {
    // What is missed from here on is asked for again.
    this.refetch = false;
    const found = await this.server.fetch();
    if (this.copy !== null && found.revision < this.copy.revision) return;
    this.foreign ||= found.revision !== this.copy?.revision;
    this.copy = copyOf(found);
    this.ears.tracks(found.tracks, found);
  }

  private note(events: QueueChanges["events"]): void {
    if (events.some(({ command_id }) => !this.mine.has(command_id))) this.foreign = true;
  }

  private show(live: boolean): void {
    if (this.copy === null || this.pending.length > 0) return;
    const { foreign } = this;
    this.foreign = false;
    this.ears.shown(this.copy, foreign, live);
  }

  private fail(error: unknown): void {
    if (this.ended) return;
    const wait = RETRY_MS[Math.min(this.failures, RETRY_MS.length - 1)];
    this.failures += 1;
    // What was refused for good is gone from here too: the next look shows the queue without it.
    this.refetch = true;
    if (!this.server.passes(error) && this.failures > RETRY_MS.length) return;
    this.timer = setTimeout(() => void this.work(), wait);
  }
}

function timed(command: QueueCommand, madeAt: number, now: number): QueueCommand {
  if (command.kind !== "jump" && command.kind !== "position" && command.kind !== "replace") return command;
  return now - madeAt < LATE_MS ? command : { ...command, at: new Date(madeAt).toISOString() };
}
