/**
 * The little of ISO BMFF that exact joins need: the segment index, the edit list, and the durations in the last
 * fragment. Sources: ISO/IEC 14496-12 (sidx 8.16.3, trun 8.8.8, elst 8.6.6).
 */

export type Fragment = {
  /** Seconds from the first sounding sample. */
  start: number;
  end: number;
  /** Inclusive byte offsets in the file. */
  firstByte: number;
  lastByte: number;
};

export class Mp4Error extends Error {}

type Box = { type: string; start: number; body: number; end: number };

const CONTAINERS = new Set(["moov", "trak", "moof", "traf"]);
export const AAC_FRAME_SAMPLES = 1024;

/**
 * Fragments listed by the one `sidx` of a file.
 * `box` holds the bytes of `index_range`, `indexEnd` is the last byte of it in the file.
 */
export function parseSidx(box: Uint8Array, indexEnd: number): Fragment[] {
  const view = new DataView(box.buffer, box.byteOffset, box.byteLength);
  if (box.byteLength < 32 || fourcc(view, 4) !== "sidx") throw new Mp4Error("no sidx at the index range");
  const version = view.getUint8(8);
  const timescale = view.getUint32(16);
  const wide = version === 1;
  const offset = wide ? Number(view.getBigUint64(28)) : view.getUint32(24);
  let at = wide ? 36 : 28;
  const count = view.getUint16(at + 2);
  at += 4;
  if (timescale === 0 || at + count * 12 > box.byteLength) throw new Mp4Error("broken sidx");
  const fragments: Fragment[] = [];
  let byte = indexEnd + 1 + offset;
  let time = 0;
  for (let entry = 0; entry < count; entry += 1, at += 12) {
    const size = view.getUint32(at) & 0x7fffffff;
    const duration = view.getUint32(at + 4);
    fragments.push({
      start: time / timescale,
      end: (time + duration) / timescale,
      firstByte: byte,
      lastByte: byte + size - 1,
    });
    byte += size;
    time += duration;
  }
  return fragments;
}

/**
 * A copy of an initialisation segment whose edit list is hidden (`edts` becomes `free`).
 * Browsers differ in whether Media Source Extensions apply the list; without it every one of them shows the encoder's
 * priming on the timeline, and the append window cuts it off exactly.
 */
export function withoutEditList(init: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(init);
  const view = new DataView(copy.buffer);
  for (const box of walk(view, 0, copy.byteLength)) {
    if (box.type === "edts") copy.set([0x66, 0x72, 0x65, 0x65], box.start + 4);
  }
  return copy;
}

/**
 * A copy of a fragment in which every AAC frame lasts its full 1024 samples.
 * Encoders shorten the duration of the last frame to hide its padding; a browser then believes that nothing is left
 * to cut at the append window's end, but its decoder still puts out the whole frame, some milliseconds of silence.
 */
export function withFullFrames(fragment: Uint8Array): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(fragment);
  const view = new DataView(copy.buffer);
  for (const box of walk(view, 0, copy.byteLength)) {
    if (box.type === "tfhd") fillDefaultDuration(view, box);
    if (box.type === "trun") fillDurations(view, box);
  }
  return copy;
}

/** Where the last frame of a fragment ends, in the units of its track: begin and the sum of all durations. */
export function endOfFragment(fragment: Uint8Array): number {
  const view = new DataView(fragment.buffer, fragment.byteOffset, fragment.byteLength);
  let end = 0;
  for (const box of walk(view, 0, fragment.byteLength)) {
    if (box.type === "tfdt") {
      end = view.getUint8(box.body) === 1 ? Number(view.getBigUint64(box.body + 4)) : view.getUint32(box.body + 4);
    }
    if (box.type === "trun") end += durationsOf(view, box);
  }
  return end;
}

function durationsOf(view: DataView, box: Box): number {
  let sum = 0;
  for (const at of durationPlaces(view, box)) sum += view.getUint32(at);
  return sum;
}

function fillDefaultDuration(view: DataView, box: Box): void {
  const flags = view.getUint32(box.body) & 0xffffff;
  if (!(flags & 0x8)) return;
  const at = box.body + 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0);
  view.setUint32(at, AAC_FRAME_SAMPLES);
}

function fillDurations(view: DataView, box: Box): void {
  for (const at of durationPlaces(view, box)) view.setUint32(at, AAC_FRAME_SAMPLES);
}

function* durationPlaces(view: DataView, box: Box): Generator<number> {
  const flags = view.getUint32(box.body) & 0xffffff;
  if (!(flags & 0x100)) return;
  const count = view.getUint32(box.body + 4);
  const record = [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length * 4;
  let at = box.body + 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
  for (let sample = 0; sample < count && at + 4 <= box.end; sample += 1, at += record) {
    yield at;
  }
}

function* walk(view: DataView, from: number, to: number): Generator<Box> {
  let at = from;
  while (at + 8 <= to) {
    let size = view.getUint32(at);
    let header = 8;
    if (size === 1 && at + 16 <= to) {
      size = Number(view.getBigUint64(at + 8));
      header = 16;
    } else if (size === 0) {
      size = to - at;
    }
    if (size < header) throw new Mp4Error("broken box size");
    const box: Box = { type: fourcc(view, at + 4), start: at, body: at + header, end: Math.min(at + size, to) };
    yield box;
    if (CONTAINERS.has(box.type)) yield* walk(view, box.body, box.end);
    at += size;
  }
}

function fourcc(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}
