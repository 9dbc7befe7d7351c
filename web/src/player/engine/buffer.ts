/** A SourceBuffer whose operations wait for each other and say when they are done. */

const ROOM_S = 10;

export class BufferFull extends Error {}

export class AudioBufferFeed {
  private tail: Promise<void> = Promise.resolve();
  private mime: string;

  constructor(
    private readonly media: MediaSource,
    private readonly buffer: SourceBuffer,
    mime: string,
  ) {
    this.mime = mime;
  }

  get ranges(): TimeRanges {
    return this.buffer.buffered;
  }

  /** Ready for the bytes of another file: its codec, its place on the timeline, its window. Seconds. */
  place(mime: string, offset: number, windowStart: number, windowEnd: number): Promise<void> {
    return this.queue(() => {
      if (mime !== this.mime) {
        this.buffer.changeType(mime);
        this.mime = mime;
      }
      this.buffer.timestampOffset = offset;
      // Seeks are clamped to the duration, and it may never be set below what is buffered: leave room.
      if (!(this.media.duration >= windowEnd)) this.media.duration = windowEnd + ROOM_S;
      // The setters refuse an end at or before the start, so the order matters.
      this.buffer.appendWindowStart = 0;
      this.buffer.appendWindowEnd = windowEnd;
      this.buffer.appendWindowStart = windowStart;
      return false;
    });
  }

  append(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    return this.queue(() => {
      try {
        this.buffer.appendBuffer(bytes);
      } catch (error) {
        if (error instanceof DOMException && error.name === "QuotaExceededError") throw new BufferFull();
        throw error;
      }
      return true;
    });
  }

  remove(start: number, end: number): Promise<void> {
    return this.queue(() => {
      if (end <= start || this.buffer.buffered.length === 0) return false;
      this.buffer.remove(start, end);
      return true;
    });
  }

  /** Forgets a half-appended fragment. The window has to be placed anew afterwards. */
  reset(): Promise<void> {
    return this.queue(() => {
      if (this.media.readyState === "open") this.buffer.abort();
      return false;
    });
  }

  finish(): Promise<void> {
    return this.queue(() => {
      if (this.media.readyState === "open") this.media.endOfStream();
      return false;
    });
  }

  private queue(operation: () => boolean): Promise<void> {
    const run = this.tail.then(
      () =>
        new Promise<void>((resolve, reject) => {
          const settle = (event: Event): void => {
            this.buffer.removeEventListener("updateend", settle);
            this.buffer.removeEventListener("error", settle);
            if (event.type === "error") reject(new Error("the media bytes were refused"));
            else resolve();
          };
          this.buffer.addEventListener("updateend", settle);
          this.buffer.addEventListener("error", settle);
          try {
            if (!operation()) settle(new Event("updateend"));
          } catch (error) {
            this.buffer.removeEventListener("updateend", settle);
            this.buffer.removeEventListener("error", settle);
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        }),
    );
    this.tail = run.catch(() => undefined);
    return run;
  }
}

/** Whether [start, end] lies inside one buffered range, give or take `slack` seconds. */
export function covers(ranges: TimeRanges, start: number, end: number, slack: number): boolean {
  for (let index = 0; index < ranges.length; index += 1) {
    if (ranges.start(index) <= start + slack && ranges.end(index) >= end - slack) return true;
  }
  return false;
}

/** Seconds buffered without a hole from `time` on. */
export function bufferedAhead(ranges: TimeRanges, time: number): number {
  for (let index = 0; index < ranges.length; index += 1) {
    if (ranges.start(index) <= time + 0.1 && ranges.end(index) > time) return ranges.end(index) - time;
  }
  return 0;
}
