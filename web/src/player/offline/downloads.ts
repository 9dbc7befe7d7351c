/** Brings tracks onto this device, one after another, within the budget; goes on where it was interrupted. */
import { api, data } from "@/shared/api/client";
import { loadStream, passes } from "@/player/api";
import { fitsMse } from "@/player/engine/mse-source";
import {
  PassingFailure,
  StaleAddress,
  ThroughputMeter,
  pauseBeforeRetry,
  readAll,
  readRange,
} from "@/player/engine/network";
import { choosePlain } from "@/player/engine/plain-source";
import { offShelf } from "@/player/engine/shelf";
import { chooseRendition } from "@/player/quality";
import { playerSettings } from "@/player/settings";
import type { Image, Pieces, QueueItem, Rendition } from "@/player/types";
import { session } from "@/shared/lib/session";
import { type Kept, toEvict, wantsRenewal } from "./rules";
import { useDownloads } from "./store";
import { vault } from "./vault";

const PIECE_BYTES = 1_000_000;
const LICENCES_AT_ONCE = 100;
const MOST_STALE = 4;
const NEVER = new AbortController().signal;
const METER = new ThroughputMeter();

class Full extends Error {}

class Downloads {
  private working = false;
  private owner: string | null = null;

  constructor() {
    addEventListener("online", () => void this.look());
    session.subscribe(() => void this.look());
  }

  /** Reads what is kept by whoever is signed in, renews licences, and goes on with what is waiting. */
  async look(): Promise<void> {
    this.owner = session.get()?.userId ?? null;
    const all = this.owner === null ? [] : await vault.all(this.owner);
    const kept = all.map((one) => (one.state === "loading" ? { ...one, state: "waiting" as const } : one));
    useDownloads.setState({ kept: new Map(kept.map((one) => [one.trackId, one])) });
    await this.renew().catch(() => undefined);
    void this.work();
  }

  async keep(items: readonly QueueItem[], from: Kept["from"]): Promise<void> {
    if (useDownloads.getState().kept === null) await this.look();
    const { owner } = this;
    if (owner === null) return;
    void navigator.storage?.persist?.().catch(() => undefined);
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
        touchedAt: Date.now(),
      });
    }
    void this.work();
  }

  async forget(trackIds: readonly string[]): Promise<void> {
    if (this.owner === null) return;
    const kept = new Map(useDownloads.getState().kept);
    for (const trackId of trackIds) {
      kept.delete(trackId);
      offShelf(trackId);
      await vault.forget(this.owner, trackId);
    }
    useDownloads.setState({ kept, full: false });
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
    if (this.working) return;
    this.working = true;
    try {
      for (let failures = 0; ;) {
        const next = this.paused ? undefined : this.all().find((one) => one.state === "waiting");
        if (!next) return;
        try {
          await this.bring(next);
          useDownloads.setState({ full: false });
          failures = 0;
        } catch (error) {
          if (error instanceof Full) {
            useDownloads.setState({ full: true });
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
    } finally {
      this.working = false;
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
    if (!goesOn && wanted.got > 0) await vault.dropBytes(wanted.owner, wanted.trackId);
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
    const come = rendition.pieces ? this.pieces(start, rendition.pieces) : this.file(start, rendition);
    let kept = start;
    for await (const piece of come) {
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

  /** The rest of a file, in pieces that are worth an entry on the disk. */
  private async *file({ got }: Kept, { url, bytes, on_demand }: Rendition): AsyncGenerator<Blob, void> {
    if (got >= bytes && !on_demand) return;
    let held: Uint8Array<ArrayBuffer>[] = [];
    let size = 0;
    for await (const value of on_demand ? readAll(url, NEVER, METER) : readRange(url, got, bytes - 1, NEVER, METER)) {
      held.push(value);
      size += value.byteLength;
      if (size < PIECE_BYTES) continue;
      got += size;
      yield new Blob(held);
      [held, size] = [[], 0];
    }
    if (size > 0) yield new Blob(held);
    if (!on_demand && got + size < bytes) throw new PassingFailure("the answer was cut short");
  }

  /** What is made piece by piece is kept so, its beginning first: that is how it joins with what is before and after. */
  private async *pieces(start: Kept, { initUrl, url, count }: Pieces): AsyncGenerator<Blob, void> {
    for (let number = await vault.count(start); number <= count; number += 1) {
      const held: Uint8Array<ArrayBuffer>[] = [];
      const from = number === 0 ? initUrl : url.replace("{n}", String(number - 1));
      for await (const value of readAll(from, NEVER, METER)) held.push(value);
      yield new Blob(held);
    }
  }

  private async makeRoom(kept: Kept): Promise<void> {
    const needed = kept.bytes - kept.got;
    const going = toEvict(this.all(), useDownloads.getState().budget, needed);
    if (going === null) throw new Full();
    const left = new Map(useDownloads.getState().kept);
    for (const trackId of going) {
      left.delete(trackId);
      offShelf(trackId);
      await vault.forget(kept.owner, trackId);
    }
    if (going.length > 0) useDownloads.setState({ kept: left });
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
    if (kept)
      await this.put({ ...kept, state: "failed", because: typeof code === "string" ? code : "playback_failed" });
  }

  private all(): Kept[] {
    return [...(useDownloads.getState().kept?.values() ?? [])];
  }

  private find(trackId: string): Kept | undefined {
    return useDownloads.getState().kept?.get(trackId);
  }

  private show(kept: Kept): void {
    useDownloads.setState((state) => ({ kept: new Map(state.kept).set(kept.trackId, kept) }));
  }

  private async put(kept: Kept): Promise<void> {
    this.show(kept);
    await vault.save(kept);
  }
}

/** A link that has ended is asked for anew; one that leads nowhere again and again holds up what waits behind it. */
const worthAsking = (error: unknown, failures: number): boolean =>
  error instanceof PassingFailure || (error instanceof StaleAddress && failures < MOST_STALE);

/** Whether what came of the one may be gone on with as the other. */
function isSame(before: Rendition | undefined, now: Rendition): boolean {
  if (!before || before.quality !== now.quality) return false;
  if (!now.pieces) return !before.pieces && before.bytes === now.bytes && !now.on_demand;
  return before.pieces?.count === now.pieces.count && before.total_samples === now.total_samples;
}

/** About how many bytes will come; what is made as it is asked for has no size yet. */
const estimate = ({ bitrate_kbps, total_samples, sample_rate }: Rendition): number =>
  Math.round((bitrate_kbps * 125 * total_samples) / sample_rate);

/**
 * As good as the person wants it; where nobody chose, the one that also goes into a pocket. What joins without a gap comes
 * before what the element plays by itself.
 */
function choose(renditions: readonly Rendition[]): Rendition | null {
  const { quality } = playerSettings.get();
  const network = { throughputKbps: null, saveData: false };
  const wish = quality === "auto" ? "high" : quality;
  const element = document.createElement("audio");
  return (
    chooseRendition(renditions, wish, network, fitsMse) ?? choosePlain(renditions, (mime) => element.canPlayType(mime))
  );
}

const COVER_SIDE = 160;

/** The picture in one size, as a part of what is kept; where it does not come, the one that is drawn has to do. */
async function coverHere(cover: Image | null): Promise<Image | null> {
  const sizes = Object.entries(cover?.sizes ?? {}).sort(([a], [b]) => Number(a) - Number(b));
  const [side, url] = sizes.find(([one]) => Number(one) >= COVER_SIDE) ?? sizes.at(-1) ?? [];
  if (!cover || !side || !url || url.startsWith("data:")) return cover;
  try {
    const response = await fetch(url);
    if (!response.ok) return null;
    return { ...cover, sizes: { [side]: await dataUrl(await response.blob()) } };
  } catch {
    return null;
  }
}

function dataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error ?? new Error("unreadable"));
    reader.readAsDataURL(blob);
  });
}

const askForLicences = (trackIds: readonly string[]) =>
  data(api.GET("/api/v1/stream/offline", { params: { query: { content_id: [...trackIds] } } }));

export const downloads = new Downloads();
