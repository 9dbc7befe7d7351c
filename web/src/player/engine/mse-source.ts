/**
 * Gapless playing: one MediaSource and one audio SourceBuffer, on which the tracks of the queue stand one behind the
 * other. Each file is placed so that its first sounding sample falls on the end of the track before it; the append
 * window cuts the encoder's priming and padding.
 */
import { joined, prepend } from "./bytes";
import { AudioBufferFeed, BufferFull, bufferedAhead } from "./buffer";
import type { Descriptions } from "./descriptions";
import { endOfFragment, withFullFrames } from "./mp4";
import { PassingFailure, StaleAddress, type ThroughputMeter, pauseBeforeRetry, readAll, readRange } from "./network";
import {
  type EngineTrack,
  type Segment,
  fileOffset,
  firstRequestEnd,
  headEnd,
  mimeOf,
  missingFragment,
  newSegment,
  readBeginning,
  readHead,
  soundingSeconds,
} from "./segment";
import { Pantry } from "./pantry";
import type { Pieces, Rendition, StreamDescription } from "@/player/types";

/** No file of this track suits Media Source Extensions here. */
export class NotForMse extends Error {}

export type SourceCalls = {
  crossed(track: EngineTrack): void;
  described(track: EngineTrack, description: StreamDescription, rendition: Rendition): void;
  failed(track: EngineTrack, error: unknown): void;
  hungry(reason: "network" | null): void;
};

export type SourceTools = {
  descriptions: Descriptions;
  meter: ThroughputMeter;
  choose(description: StreamDescription, playable: (rendition: Rendition) => boolean): Rendition | null;
};

const MediaSourceClass: typeof MediaSource | undefined =
  globalThis.MediaSource ?? (globalThis as { ManagedMediaSource?: typeof MediaSource }).ManagedMediaSource;

const MOST_REFRESHES = 4;

export function mseAvailable(): boolean {
  return MediaSourceClass !== undefined;
}

export function fitsMse(rendition: Rendition): boolean {
  return (
    rendition.container === "mp4" &&
    (rendition.pieces !== undefined || (rendition.init_range !== null && rendition.index_range !== null)) &&
    (MediaSourceClass?.isTypeSupported(mimeOf(rendition)) ?? false)
  );
}

export class MseSource {
  private readonly media: MediaSource;
  private readonly opened: Promise<void>;
  private readonly url: string;
  private feed: AudioBufferFeed | null = null;
  private segments: Segment[];
  private placed: Segment | null = null;
  private placedUrl = "";
  private startAt: number | null;
  private job = new AbortController();
  private wakeUp: () => void = () => undefined;
  private woken = false;
  private disposed = false;
  private finished = false;
  private readonly pantry = new Pantry();

  constructor(
    private readonly audio: HTMLAudioElement,
    private readonly tools: SourceTools,
    private readonly calls: SourceCalls,
    track: EngineTrack,
    startSeconds: number,
  ) {
    if (!MediaSourceClass) throw new NotForMse();
    this.media = new MediaSourceClass();
    this.segments = [newSegment(track)];
    this.startAt = startSeconds > 0 ? startSeconds : null;
    this.opened = new Promise((resolve) => this.media.addEventListener("sourceopen", () => resolve(), { once: true }));
    // Safari offers ManagedMediaSource only where remote playback is off.
    audio.disableRemotePlayback = true;
    this.url = URL.createObjectURL(this.media);
    audio.src = this.url;
    void this.loop();
  }

  dispose(): void {
    this.disposed = true;
    this.job.abort();
    this.wake();
    URL.revokeObjectURL(this.url);
  }

  get track(): EngineTrack {
    return this.head().track;
  }

  /** Seconds into the present track. */
  position(): number {
    if (this.startAt !== null) return this.startAt;
    return Math.max(0, this.audio.currentTime - this.head().base);
  }

  /** Seconds of the present track; 0 until it is known. */
  duration(): number {
    return this.head().duration;
  }

  /** Up to where, in seconds into the present track, playing needs no network. */
  buffered(): number {
    if (!this.feed) return 0;
    const position = this.position();
    return Math.min(this.duration(), position + bufferedAhead(this.feed.ranges, this.head().base + position));
  }

  /** Seconds until the next track begins, or null where none is placed yet. */
  untilNext(): number | null {
    return this.segments.length > 1 ? this.head().base + this.head().duration - this.audio.currentTime : null;
  }

  /** Whether the given track follows without a break. */
  joins(track: EngineTrack): boolean {
    return this.segments[1]?.track.key === track.key && this.segments[1].rendition !== null;
  }

  /** Goes to the joined next track at once. */
  skip(): void {
    const next = this.segments[1];
    if (!next) return;
    this.startAt = null;
    this.audio.currentTime = next.base + 0.001;
    this.notice();
  }

  setNext(track: EngineTrack | null): void {
    const follower = this.segments[1];
    if (follower?.track.key === track?.key && (follower !== undefined) === (track !== null)) return;
    if (follower) {
      this.segments = [this.head()];
      this.interrupt();
      void this.feed?.remove(this.head().base + this.head().duration, Number.POSITIVE_INFINITY).catch(() => undefined);
    }
    if (track) this.segments.push(newSegment(track));
    this.finished = false;
    this.wake();
  }

  seek(seconds: number): void {
    const head = this.head();
    head.appended.forEach((times, index) => head.appended.set(index, Math.min(times, 1)));
    if (this.startAt !== null || this.audio.readyState === 0) {
      this.startAt = seconds;
    } else {
      this.audio.currentTime = head.base + Math.min(seconds, Math.max(0, head.duration - 0.05));
      if (this.feed && bufferedAhead(this.feed.ranges, this.audio.currentTime) === 0) this.interrupt();
    }
    this.wake();
  }

  /** Looks where playing has got to. To be called a few times a second. */
  notice(): void {
    const next = this.segments[1];
    if (next?.rendition && this.startAt === null && this.audio.currentTime >= next.base) {
      this.segments.shift();
      this.calls.crossed(next.track);
      if (next.description) this.calls.described(next.track, next.description, next.rendition);
    }
    this.overHole();
    this.wake();
  }

  wake(): void {
    this.woken = true;
    this.wakeUp();
  }

  private head(): Segment {
    const head = this.segments[0];
    if (!head) throw new Error("a source always has a track");
    return head;
  }

  /** A hole of a few frames between two ranges would hold the element up for ever. */
  private overHole(): void {
    const { audio, feed } = this;
    if (!feed || audio.paused || audio.seeking || audio.readyState > 2 || this.startAt !== null) return;
    const ranges = feed.ranges;
    if (bufferedAhead(ranges, audio.currentTime) > 0.15) return;
    for (let index = 0; index < ranges.length; index += 1) {
      const gap = ranges.start(index) - audio.currentTime;
      if (gap > 0 && gap < 0.4) audio.currentTime = ranges.start(index) + 0.001;
    }
  }

  private interrupt(): void {
    this.job.abort();
    this.wake();
  }

  private async loop(): Promise<void> {
    let failures = 0;
    while (!this.disposed) {
      const job = new AbortController();
      this.job = job;
      try {
        this.woken = false;
        const worked = await this.step(job.signal);
        if (failures > 0) this.calls.hungry(null);
        failures = 0;
        if (!worked) await this.sleep();
      } catch (error) {
        if (this.disposed) return;
        this.placed = null;
        await this.feed?.reset().catch(() => undefined);
        if (job.signal.aborted) continue;
        if (!(await this.recover(error, failures, job.signal))) return;
        failures += 1;
      }
    }
  }

  private sleep(): Promise<void> {
    if (this.woken) return Promise.resolve();
    return new Promise((resolve) => {
      this.wakeUp = resolve;
    });
  }

  /** What to do about a failure; false: this source has come to its end. */
  private async recover(error: unknown, failures: number, signal: AbortSignal): Promise<boolean> {
    const broken = this.working ?? this.head();
    if (error instanceof BufferFull) {
      this.pantry.shrink();
      await this.evict(2);
      return this.pause(1, signal);
    }
    if (error instanceof StaleAddress && broken.refreshes < MOST_REFRESHES) {
      broken.refreshes += 1;
      broken.description = null;
      broken.init = null;
      this.tools.descriptions.refresh(broken.track.trackId).catch(() => undefined);
      return failures === 0 ? true : this.pause(failures, signal);
    }
    if (error instanceof PassingFailure) {
      this.calls.hungry("network");
      return this.pause(failures, signal);
    }
    if (broken !== this.head()) {
      // The next track cannot be joined. It gets its own try when its turn comes.
      this.segments = [this.head()];
      return true;
    }
    this.calls.failed(broken.track, error);
    return false;
  }

  private async pause(attempt: number, signal: AbortSignal): Promise<boolean> {
    await pauseBeforeRetry(attempt, signal).catch(() => undefined);
    return !this.disposed;
  }

  private working: Segment | null = null;

  /** One piece of work; false: nothing to do for now. */
  private async step(signal: AbortSignal): Promise<boolean> {
    const head = this.head();
    let position = this.startAt ?? this.audio.currentTime - head.base;
    for (const segment of this.segments) {
      const offset = segment.base - head.base;
      this.working = segment;
      if (!segment.init || !segment.rendition) {
        if (segment !== head && head.duration - position > this.pantry.ahead) return false;
        await this.open(segment, signal);
        return true;
      }
      const until = position + this.pantry.ahead - offset;
      const ranges = (this.feed as AudioBufferFeed).ranges;
      const index = missingFragment(segment, ranges, Math.max(0, position - offset), until);
      if (index >= 0) {
        await this.evict(this.pantry.behind);
        await this.reconsider(segment, signal);
        await this.fill(segment, index, null, signal);
        return true;
      }
      if (segment.duration + offset > position + this.pantry.ahead) return false;
      position = Math.max(position, offset);
    }
    if (!this.finished && this.segments.length === 1) {
      this.finished = true;
      await this.feed?.finish();
    }
    return false;
  }

  /** Description, head and, where playing begins at the start, the first fragment with the same request. */
  private async open(segment: Segment, signal: AbortSignal): Promise<void> {
    const description = await this.tools.descriptions.get(segment.track.trackId);
    if (signal.aborted) throw new DOMException("aborted", "AbortError");
    const rendition = this.tools.choose(description, fitsMse);
    if (!rendition) throw new NotForMse();
    const again = segment.rendition !== null;
    segment.description = description;
    segment.rendition = rendition;
    if (!again) {
      const before = this.segments[this.segments.indexOf(segment) - 1];
      segment.base = before ? before.base + before.duration : 0;
      segment.duration = soundingSeconds(rendition);
    }
    this.pantry.fit(rendition);
    if (segment === this.head()) this.calls.described(segment.track, description, rendition);
    await this.opened;
    this.feed ??= this.makeFeed(rendition);
    const fromStart = !again && !(segment === this.head() && this.startAt !== null);
    await this.readOpening(segment, rendition, fromStart, signal);
  }

  private async readOpening(
    segment: Segment,
    rendition: Rendition,
    fromStart: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    if (rendition.pieces) {
      await readBeginning(segment, rendition, signal, this.tools.meter);
      if (fromStart) await this.fill(segment, 0, null, signal);
      return;
    }
    const indexEnd = headEnd(rendition);
    const last = fromStart ? firstRequestEnd(rendition) : indexEnd;
    const pieces = readRange(rendition.url, 0, last, signal, this.tools.meter);
    let held = new Uint8Array(0);
    for (;;) {
      const { done, value } = await pieces.next();
      if (done) throw new PassingFailure("the answer was cut short");
      held = joined(held, value);
      if (held.byteLength > indexEnd) break;
    }
    readHead(segment, rendition, held);
    const rest = held.subarray(indexEnd + 1);
    if (fromStart) await this.fill(segment, 0, prepend(rest, pieces), signal);
    else await pieces.return();
  }

  private makeFeed(rendition: Rendition): AudioBufferFeed {
    const mime = mimeOf(rendition);
    return new AudioBufferFeed(this.media, this.media.addSourceBuffer(mime), mime);
  }

  /** Another file of the ladder, where the wish or the network has changed. */
  private async reconsider(segment: Segment, signal: AbortSignal): Promise<void> {
    if (!segment.description || !segment.rendition || !this.feed) return;
    const wish = this.tools.choose(segment.description, fitsMse);
    if (!wish || wish.url === segment.rendition.url) return;
    const ahead = bufferedAhead(this.feed.ranges, this.audio.currentTime);
    const dearer = wish.bitrate_kbps > segment.rendition.bitrate_kbps;
    if (dearer && ahead < this.pantry.ahead / 3 && ahead < segment.duration / 2) return;
    await readBeginning(segment, wish, signal, this.tools.meter);
    segment.rendition = wish;
    segment.appended.clear();
    this.pantry.fit(wish);
    if (segment === this.head()) this.calls.described(segment.track, segment.description, wish);
  }

  /** Appends one fragment; `opening` holds bytes of it that are already on their way. */
  private async fill(
    segment: Segment,
    index: number,
    opening: AsyncGenerator<Uint8Array, void> | null,
    signal: AbortSignal,
  ): Promise<void> {
    const feed = this.feed as AudioBufferFeed;
    const rendition = segment.rendition as Rendition;
    const fragment = segment.fragments[index];
    if (!fragment) return;
    await this.place(segment, rendition);
    if (rendition.pieces) {
      await this.fillPiece(segment, rendition, rendition.pieces, index, signal);
      return;
    }
    const size = fragment.lastByte - fragment.firstByte + 1;
    const isLast = index === segment.fragments.length - 1;
    const kept: Uint8Array[] = [];
    let got = 0;
    const take = async (piece: Uint8Array): Promise<void> => {
      if (signal.aborted) throw new DOMException("aborted", "AbortError");
      const used = piece.subarray(0, size - got);
      got += used.byteLength;
      if (isLast) kept.push(used.slice());
      else if (used.byteLength > 0) await feed.append(used.slice());
      await this.begin();
    };
    if (opening) {
      for await (const piece of opening) {
        await take(piece);
        if (got >= size) break;
      }
    }
    if (got < size) {
      const { url } = rendition;
      for await (const piece of readRange(url, fragment.firstByte + got, fragment.lastByte, signal, this.tools.meter)) {
        await take(piece);
      }
    }
    if (got < size) throw new PassingFailure("the answer was cut short");
    if (isLast) {
      const whole = joined(...kept);
      await feed.append(rendition.codec === "aac" ? withFullFrames(whole) : whole);
      await this.begin();
    }
    segment.appended.set(index, (segment.appended.get(index) ?? 0) + 1);
  }

  /** Appends what is under an address of its own. The last piece says how long the track really is. */
  private async fillPiece(
    segment: Segment,
    rendition: Rendition,
    pieces: Pieces,
    index: number,
    signal: AbortSignal,
  ): Promise<void> {
    const isLast = index === pieces.count - 1;
    const kept: Uint8Array[] = [];
    for await (const piece of readAll(pieces.url.replace("{n}", String(index)), signal, this.tools.meter)) {
      if (signal.aborted) throw new DOMException("aborted", "AbortError");
      if (isLast) kept.push(piece);
      else await (this.feed as AudioBufferFeed).append(piece.slice());
      await this.begin();
    }
    if (isLast) {
      const whole = joined(...kept);
      await this.measure(segment, rendition, whole);
      await (this.feed as AudioBufferFeed).append(rendition.codec === "aac" ? withFullFrames(whole) : whole);
      await this.begin();
    }
    segment.appended.set(index, (segment.appended.get(index) ?? 0) + 1);
  }

  /** The next track must begin where this one ends, to the sample, not where its tags say that it does. */
  private async measure(segment: Segment, rendition: Rendition, last: Uint8Array): Promise<void> {
    const follower = this.segments[this.segments.indexOf(segment) + 1];
    if (segment.exact || follower?.rendition) return;
    segment.exact = true;
    const seconds = (endOfFragment(last) - rendition.delay_samples) / rendition.sample_rate;
    if (seconds <= 0 || seconds === segment.duration) return;
    segment.duration = seconds;
    this.placed = null;
    await this.place(segment, rendition);
  }

  private async place(segment: Segment, rendition: Rendition): Promise<void> {
    if (this.placed === segment && this.placedUrl === rendition.url) return;
    const feed = this.feed as AudioBufferFeed;
    const offset = fileOffset(segment, rendition);
    await feed.place(mimeOf(rendition), offset, segment.base, segment.base + segment.duration);
    await feed.append(segment.init as Uint8Array<ArrayBuffer>);
    this.placed = segment;
    this.placedUrl = rendition.url;
    await this.begin();
  }

  /** Applies the position asked for before the element knew its media. */
  private begin(): Promise<void> {
    if (this.startAt !== null && this.audio.readyState >= 1) {
      this.audio.currentTime = this.head().base + Math.min(this.startAt, Math.max(0, this.head().duration - 0.05));
      this.startAt = null;
    }
    return Promise.resolve();
  }

  private async evict(keepSeconds: number): Promise<void> {
    const until = this.audio.currentTime - keepSeconds;
    if (this.startAt === null && until > 1) await this.feed?.remove(0, until);
  }
}
