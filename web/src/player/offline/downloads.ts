/** Brings tracks onto this device, one after another, within the budget; goes on where it was interrupted. */
import { api, data } from "@/shared/api/client";
import { loadStream, passes } from "@/player/api";
import { PassingFailure, StaleAddress, pauseBeforeRetry } from "@/player/engine/network";
import { offShelf } from "@/player/engine/shelf";
import type { QueueItem, Rendition } from "@/player/types";
import { StorageRefused } from "@/shared/lib/disk";
import { session } from "@/shared/lib/session";
import { choose, coverHere, estimate, isSame, theRest } from "./bring";
import { type Kept, toEvict, wantsRenewal } from "./rules";
import { type DownloadsState, useDownloads } from "./store";
import { alone, hearTabs, type Word } from "./tabs";
import { vault } from "./vault";

const LICENCES_AT_ONCE = 100;
const MOST_STALE = 4;
const NEVER = new AbortController().signal;

class BudgetSpent extends Error {}

class Downloads {
  private working = false;
  private asked = false;
  private owner: string | null = null;

  private readonly tell = hearTabs((word) => this.heard(word));

  constructor() {
    addEventListener("online", () => void this.look());
    session.subscribe((now, before) => now?.userId !== before?.userId && void this.look());
  }

  /** Shows what is kept by whoever is signed in, renews licences, and goes on with what is waiting. */
  async look(): Promise<void> {
    if (!(await this.read())) return;
    await this.renew().catch(() => undefined);
    void this.work();
  }

  /** False: this browser keeps nothing. */
  private async read(): Promise<boolean> {
    this.owner = session.get()?.userId ?? null;
    try {
      const all = this.owner === null ? [] : await vault.all(this.owner);
      const kept = all
        .sort((one, other) => (one.wishedAt ?? 0) - (other.wishedAt ?? 0))
        .map((one) => (one.state === "loading" ? { ...one, state: "waiting" as const } : one));
      useDownloads.setState({ kept: new Map(kept.map((one) => [one.trackId, one])), closed: false });
      return true;
    } catch (error) {
      if (!(error instanceof StorageRefused)) throw error;
      useDownloads.setState({ kept: new Map(), closed: true });
      return false;
    }
  }

  async keep(items: readonly QueueItem[], from: Kept["from"]): Promise<void> {
    if (useDownloads.getState().kept === null) await this.look();
    if (useDownloads.getState().closed) throw new StorageRefused("device_closed");
    const { owner } = this;
    if (owner === null) return;
    void navigator.storage?.persist?.().catch(() => undefined);
    let wishedAt = Date.now();
    for (const item of items) {
      const before = this.find(item.trackId);
      if (before && before.state !== "failed" && before.state !== "refused") continue;
      await this.put({
        owner,
        trackId: item.trackId,
        item,
        from,
        state: "waiting",
        because: null,
        pinned: false,
        got: 0,
        bytes: 0,
        description: null,
        expiresAt: null,
        wishedAt: (wishedAt += 1),
        touchedAt: Date.now(),
      });
    }
    void this.work();
  }

  async forget(trackIds: readonly string[]): Promise<void> {
    if (this.owner === null) return;
    await this.drop(this.owner, trackIds);
    this.room(null);
    void this.work();
  }

  async pin(trackId: string, pinned: boolean): Promise<void> {
    const kept = this.find(trackId);
    if (kept) await this.put({ ...kept, pinned });
  }

  async retry(trackId: string): Promise<void> {
    const kept = this.find(trackId);
    if (kept) await this.put({ ...kept, state: "waiting", because: null });
    void this.work();
  }

  /** One at a time: the music that plays meanwhile wants the network too. */
  async work(): Promise<void> {
    this.asked = true;
    if (this.working) return;
    this.working = true;
    try {
      while (this.asked) {
        this.asked = false;
        await alone(async () => {
          // Another tab may have been at it until now.
          if (await this.read()) await this.bringAll();
        });
      }
    } finally {
      this.working = false;
    }
  }

  private async bringAll(): Promise<void> {
    for (let failures = 0; ;) {
      const next = this.paused ? undefined : this.all().find((one) => one.state === "waiting");
      if (!next) return;
      try {
        await this.bring(next);
        this.room(null);
        failures = 0;
      } catch (error) {
        const full = roomless(error);
        if (full !== null) {
          this.wait(next.trackId);
          this.room(full);
          return;
        }
        failures += 1;
        if (passes(error) || worthAsking(error, failures)) {
          this.wait(next.trackId);
          await pauseBeforeRetry(failures, NEVER);
        } else {
          await this.fail(next.trackId, error);
          failures = 0;
        }
      }
    }
  }

  private wait(trackId: string): void {
    const kept = this.find(trackId);
    if (kept) this.show({ ...kept, state: "waiting" });
  }

  private get paused(): boolean {
    return useDownloads.getState().paused || this.owner === null;
  }

  private async bring(wanted: Kept): Promise<void> {
    const licence = await this.licence(wanted.trackId);
    if (licence.refused !== null) {
      await this.put({ ...wanted, state: "refused", because: licence.refused });
      return;
    }
    const description = await loadStream(wanted.trackId);
    const rendition = choose(description.progressive);
    if (!rendition) throw Object.assign(new Error(), { code: "nothing_playable" });
    const goesOn = isSame(wanted.description?.progressive[0], rendition);
    if (!goesOn) await vault.dropBytes(wanted.owner, wanted.trackId);
    const kept: Kept = {
      ...wanted,
      state: "loading",
      got: goesOn ? wanted.got : 0,
      bytes: rendition.bytes || estimate(rendition),
      description: { ...description, progressive: [rendition], waveform_url: null, resume_ms: null },
      expiresAt: licence.expires_at,
    };
    await this.makeRoom(kept);
    kept.item = { ...kept.item, cover: await coverHere(kept.item.cover) };
    await this.put(kept);
    await this.fetchFrom(kept, rendition);
  }

  private async fetchFrom(start: Kept, rendition: Rendition): Promise<void> {
    let kept = start;
    for await (const piece of theRest(start, rendition)) {
      const got = kept.got + piece.size;
      kept = { ...kept, got, bytes: Math.max(kept.bytes, got) };
      await vault.append(kept, piece);
      // Forgotten meanwhile, or paused: what came so far stays for the next time.
      if (!this.find(kept.trackId)) return void (await vault.forget(kept.owner, kept.trackId));
      this.show(this.paused ? { ...kept, state: "waiting" } : kept);
      if (this.paused) return;
    }
    await this.put({ ...kept, state: "ready", bytes: kept.got, touchedAt: Date.now() });
  }

  private async makeRoom(kept: Kept): Promise<void> {
    const needed = kept.bytes - kept.got;
    const going = toEvict(this.all(), useDownloads.getState().budget, needed);
    if (going === null) throw new BudgetSpent();
    await this.drop(kept.owner, going);
  }

  private async licence(trackId: string) {
    const [found] = await askForLicences([trackId]);
    if (!found) throw new PassingFailure("no licence in the answer");
    return found;
  }

  /** Well before licences end they are asked for again; what may no longer be kept goes. */
  private async renew(): Promise<void> {
    const due = this.all().filter((one) => wantsRenewal(one, Date.now()));
    for (let start = 0; start < due.length; start += LICENCES_AT_ONCE) {
      const batch = due.slice(start, start + LICENCES_AT_ONCE);
      for (const licence of await askForLicences(batch.map((one) => one.trackId))) {
        const kept = this.find(licence.content_id);
        if (!kept) continue;
        if (licence.refused === null) {
          await this.put({ ...kept, expiresAt: licence.expires_at });
        } else {
          offShelf(kept.trackId);
          await vault.dropBytes(kept.owner, kept.trackId);
          await this.put({ ...kept, state: "refused", because: licence.refused, got: 0, description: null });
        }
      }
    }
  }

  private async fail(trackId: string, error: unknown): Promise<void> {
    const code = (error as { code?: unknown } | null)?.code;
    const kept = this.find(trackId);
    if (!kept) return;
    const failed: Kept = { ...kept, state: "failed", because: typeof code === "string" ? code : "playback_failed" };
    this.show(failed);
    // Where the disk itself fails it is tried again when the page is opened again.
    await vault.save(failed).catch(() => undefined);
  }

  private all(): Kept[] {
    return [...(useDownloads.getState().kept?.values() ?? [])];
  }

  private find(trackId: string): Kept | undefined {
    return useDownloads.getState().kept?.get(trackId);
  }

  private async drop(owner: string, trackIds: readonly string[]): Promise<void> {
    if (trackIds.length === 0) return;
    this.gone(trackIds);
    this.tell({ owner, gone: trackIds });
    for (const trackId of trackIds) await vault.forget(owner, trackId);
  }

  private gone(trackIds: readonly string[]): void {
    trackIds.forEach(offShelf);
    useDownloads.setState(({ kept }) => ({
      kept: new Map([...(kept ?? [])].filter(([id]) => !trackIds.includes(id))),
    }));
  }

  private room(full: DownloadsState["full"]): void {
    useDownloads.setState({ full });
    if (this.owner !== null) this.tell({ owner: this.owner, full });
  }

  private show(kept: Kept): void {
    useDownloads.setState((state) => ({ kept: new Map(state.kept).set(kept.trackId, kept) }));
    this.tell({ owner: kept.owner, kept });
  }

  /** What another tab did. */
  private heard(word: Word): void {
    if (word.owner !== this.owner) return;
    if ("gone" in word) this.gone(word.gone);
    else if ("full" in word) useDownloads.setState({ full: word.full });
    else useDownloads.setState((state) => ({ kept: new Map(state.kept).set(word.kept.trackId, word.kept) }));
  }

  private async put(kept: Kept): Promise<void> {
    await vault.save(kept);
    this.show(kept);
  }
}

const roomless = (error: unknown): DownloadsState["full"] => {
  if (error instanceof BudgetSpent) return "budget";
  return error instanceof StorageRefused && error.code === "device_full" ? "device" : null;
};

/** A link that has ended is asked for anew; one that leads nowhere again and again holds up what waits behind it. */
const worthAsking = (error: unknown, failures: number): boolean =>
  error instanceof PassingFailure || (error instanceof StaleAddress && failures < MOST_STALE);

const askForLicences = (trackIds: readonly string[]) =>
  data(api.GET("/api/v1/stream/offline", { params: { query: { content_id: [...trackIds] } } }));

export const downloads = new Downloads();
