/** One track's stay on the timeline: which file it plays from, and where its fragments lie. */
import { joined } from "./bytes";
import { type Fragment, Mp4Error, parseSidx, withoutEditList } from "./mp4";
import { type ThroughputMeter, readAll, readWhole } from "./network";
import type { Pieces, Rendition, StreamDescription } from "@/player/types";

export type EngineTrack = { key: string; trackId: string };

export type Segment = {
  readonly track: EngineTrack;
  /** Seconds on the timeline; known once the track before it is. */
  base: number;
  duration: number;
  description: StreamDescription | null;
  rendition: Rendition | null;
  init: Uint8Array<ArrayBuffer> | null;
  fragments: readonly Fragment[];
  /** Whether the length is what was decoded, not only what was said. */
  exact: boolean;
  /** How often each fragment was appended since the last seek. */
  readonly appended: Map<number, number>;
  refreshes: number;
};

/** Browsers may drop what was appended; after so many appends without effect a fragment counts as present. */
const MOST_APPENDS = 3;
/** Index durations and decoded durations differ by up to a frame or two. */
const SLACK_S = 0.12;

export function newSegment(track: EngineTrack): Segment {
  return {
    track,
    base: 0,
    duration: 0,
    description: null,
    rendition: null,
    init: null,
    fragments: [],
    exact: false,
    appended: new Map(),
    refreshes: 0,
  };
}

export function mimeOf(rendition: Rendition): string {
  if (rendition.mime.includes("codecs")) return rendition.mime;
  return rendition.codec === "flac" ? 'audio/mp4; codecs="flac"' : 'audio/mp4; codecs="mp4a.40.2"';
}

/** Sounding length in seconds. */
export function soundingSeconds(rendition: Rendition): number {
  return rendition.total_samples / rendition.sample_rate;
}

/** Where the file's own time zero lies, so that its first sounding sample falls on the segment's base. */
export function fileOffset(segment: Segment, rendition: Rendition): number {
  return segment.base - rendition.delay_samples / rendition.sample_rate;
}

/** Reads the head of a file (its first bytes up to the end of the index). */
export function readHead(segment: Segment, rendition: Rendition, head: Uint8Array): void {
  const [initFirst, initLast] = span(rendition.init_range);
  const [indexFirst, indexLast] = span(rendition.index_range);
  segment.init = withoutEditList(head.subarray(initFirst, initLast + 1));
  segment.fragments = parseSidx(head.subarray(indexFirst, indexLast + 1), indexLast);
}

/** All that has to be read before any fragment is. */
export async function readBeginning(
  segment: Segment,
  rendition: Rendition,
  signal: AbortSignal,
  meter: ThroughputMeter,
): Promise<void> {
  if (!rendition.pieces) {
    readHead(segment, rendition, await readWhole(rendition.url, 0, headEnd(rendition), signal, meter));
    return;
  }
  const parts: Uint8Array[] = [];
  for await (const part of readAll(rendition.pieces.initUrl, signal, meter)) parts.push(part);
  readPieces(segment, rendition, rendition.pieces, joined(...parts));
}

/** The beginning of what comes in pieces: where they lie follows from how long they are. */
function readPieces(segment: Segment, rendition: Rendition, pieces: Pieces, init: Uint8Array): void {
  const at = (number: number): number =>
    Math.max(0, (number * pieces.samples - rendition.delay_samples) / rendition.sample_rate);
  segment.init = withoutEditList(init);
  segment.fragments = Array.from({ length: pieces.count }, (_, number) => ({
    start: at(number),
    end: number + 1 < pieces.count ? at(number + 1) : soundingSeconds(rendition),
    firstByte: 0,
    lastByte: 0,
  }));
}

/** The first fragment at or after `from` seconds into the track that is missing, no further than `until`; -1: none. */
export function missingFragment(segment: Segment, ranges: TimeRanges, from: number, until: number): number {
  return segment.fragments.findIndex((fragment, index) => {
    if (fragment.end <= from && index < segment.fragments.length - 1) return false;
    if (fragment.start >= until) return false;
    return !isPresent(segment, ranges, fragment, index);
  });
}

function isPresent(segment: Segment, ranges: TimeRanges, fragment: Fragment, index: number): boolean {
  const times = segment.appended.get(index) ?? 0;
  if (times === 0) return false;
  if (times >= MOST_APPENDS) return true;
  const start = segment.base + fragment.start;
  const end = segment.base + Math.min(fragment.end, segment.duration);
  for (let at = 0; at < ranges.length; at += 1) {
    if (ranges.start(at) <= start + SLACK_S && ranges.end(at) >= end - SLACK_S) return true;
  }
  return false;
}

/** Bytes to ask for at first: the head and about one fragment, so that one request brings the first sound. */
export function firstRequestEnd(rendition: Rendition): number {
  const fragment = Math.ceil((rendition.bitrate_kbps * 1000 * 4.4) / 8) + 4096;
  return Math.min(rendition.bytes - 1, headEnd(rendition) + fragment);
}

/** The last byte of the segment index: all before it has to be read before anything can be played. */
export function headEnd(rendition: Rendition): number {
  return span(rendition.index_range)[1];
}

function span(range: readonly number[] | null): [number, number] {
  const [first, last] = range ?? [];
  if (first === undefined || last === undefined) throw new Mp4Error("no byte ranges in the description");
  return [first, last];
}
