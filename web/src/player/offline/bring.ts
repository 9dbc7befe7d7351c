/** What is brought onto the device of one track: which of its files, in which pieces, and its picture. */
import { PassingFailure, ThroughputMeter, readAll, readRange } from "@/player/engine/network";
import { fitsMse } from "@/player/engine/mse-source";
import { choosePlain } from "@/player/engine/plain-source";
import { chooseRendition } from "@/player/quality";
import { playerSettings } from "@/player/settings";
import type { Image, Pieces, Rendition } from "@/player/types";
import type { Kept } from "./rules";
import { vault } from "./vault";

const PIECE_BYTES = 1_000_000;
const NEVER = new AbortController().signal;
const METER = new ThroughputMeter();

/** What is not here yet, in pieces that are worth an entry on the disk. */
export const theRest = (kept: Kept, rendition: Rendition): AsyncGenerator<Blob, void> =>
  rendition.pieces ? pieces(kept, rendition.pieces) : file(kept, rendition);

async function* file({ got }: Kept, { url, bytes, on_demand }: Rendition): AsyncGenerator<Blob, void> {
  if (got >= bytes && !on_demand) return;
  const job = new AbortController();
  const come = on_demand ? readAll(url, job.signal, METER) : readRange(url, got, bytes - 1, job.signal, METER);
  let held: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  try {
    for await (const value of come) {
      held.push(value);
      size += value.byteLength;
      if (size < PIECE_BYTES) continue;
      got += size;
      yield new Blob(held);
      [held, size] = [[], 0];
    }
  } finally {
    job.abort();
  }
  if (size > 0) yield new Blob(held);
  if (!on_demand && got + size < bytes) throw new PassingFailure("the answer was cut short");
}

/** What is made piece by piece is kept so, its beginning first: that is how it joins with what is before and after. */
async function* pieces(start: Kept, { initUrl, url, count }: Pieces): AsyncGenerator<Blob, void> {
  for (let number = await vault.count(start); number <= count; number += 1) {
    const held: Uint8Array<ArrayBuffer>[] = [];
    const from = number === 0 ? initUrl : url.replace("{n}", String(number - 1));
    for await (const value of readAll(from, NEVER, METER)) held.push(value);
    yield new Blob(held);
  }
}

/** Whether what came of the one may be gone on with as the other. */
export function isSame(before: Rendition | undefined, now: Rendition): boolean {
  if (!before || before.quality !== now.quality) return false;
  if (!now.pieces) return !before.pieces && before.bytes === now.bytes && !now.on_demand;
  return before.pieces?.count === now.pieces.count && before.total_samples === now.total_samples;
}

/** About how many bytes will come; what is made as it is asked for has no size yet. */
export const estimate = ({ bitrate_kbps, total_samples, sample_rate }: Rendition): number =>
  Math.round((bitrate_kbps * 125 * total_samples) / sample_rate);

/**
 * As good as the person wants it; where nobody chose, the one that also goes into a pocket. What joins without a gap comes
 * before what the element plays by itself.
 */
export function choose(renditions: readonly Rendition[]): Rendition | null {
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
export async function coverHere(cover: Image | null): Promise<Image | null> {
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
