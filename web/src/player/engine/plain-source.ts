/** Playing a file by the element itself, where Media Source Extensions cannot decode what there is. Not gapless. */
import { fromShelf } from "./shelf";
import type { Rendition, StreamDescription } from "@/player/types";

export class PlainSource {
  private startAt: number | null;
  private readonly objectUrl: string | null;
  private readonly place = (): void => {
    if (this.startAt === null) return;
    this.audio.currentTime = this.startAt;
    this.startAt = null;
  };

  constructor(
    private readonly audio: HTMLAudioElement,
    private readonly description: StreamDescription,
    rendition: Rendition,
    startSeconds: number,
  ) {
    this.startAt = startSeconds > 0 ? startSeconds : null;
    audio.addEventListener("loadedmetadata", this.place, { once: true });
    const here = fromShelf(rendition.url);
    this.objectUrl = here ? URL.createObjectURL(here) : null;
    audio.src = this.objectUrl ?? rendition.url;
  }

  dispose(): void {
    this.audio.removeEventListener("loadedmetadata", this.place);
    if (this.objectUrl) URL.revokeObjectURL(this.objectUrl);
  }

  position(): number {
    return this.startAt ?? this.audio.currentTime;
  }

  duration(): number {
    return this.description.duration_ms / 1000;
  }

  buffered(): number {
    const { buffered, currentTime } = this.audio;
    for (let index = 0; index < buffered.length; index += 1) {
      if (buffered.start(index) <= currentTime && buffered.end(index) > currentTime) return buffered.end(index);
    }
    return currentTime;
  }

  seek(seconds: number): void {
    if (this.audio.readyState === 0) this.startAt = seconds;
    else this.audio.currentTime = seconds;
  }
}

/**
 * The file that the element plays best by itself. What lies on the server comes before what would have to be made, unless
 * there are bits to be saved; then probably-playable before maybe, MP3 before fragmented files.
 */
export function choosePlain(
  renditions: readonly Rendition[],
  canPlay: (mime: string) => string,
  mostKbps = Number.POSITIVE_INFINITY,
): Rendition | null {
  const score = (rendition: Rendition): number => {
    const answer = canPlay(rendition.mime);
    if (answer === "") return 0;
    const fits = rendition.bitrate_kbps <= mostKbps ? 16 : 0;
    const there = rendition.on_demand ? 0 : 8;
    return fits + there + (answer === "probably" ? 4 : 2) + (rendition.container === "mp3" ? 1 : 0);
  };
  return (
    renditions
      .filter((one) => !one.pieces && canPlay(one.mime) !== "")
      .sort((a, b) => score(b) - score(a) || b.bitrate_kbps - a.bitrate_kbps)[0] ?? null
  );
}
