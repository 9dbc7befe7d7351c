/** Internet radio: one stream without beginning or end, beside the queue. Where one sounds the other is silent. */
import { create } from "zustand";
import type { Image } from "@/shared/api/types";
import { MediaKeys } from "./media-session";
import { player } from "./player";
import { playerStore } from "./store";

export type RadioStation = { id: string; name: string; stream_url: string; home_page: string; cover: Image | null };
type RadioState = { station: RadioStation | null; status: "loading" | "playing" | "paused" | "error" };

export const useRadio = create<RadioState>(() => ({ station: null, status: "paused" }));

const keys = new MediaKeys({
  play: () => again(),
  pause: () => radio.pause(),
  next: () => undefined,
  previous: () => undefined,
  seek: () => undefined,
  stop: () => radio.pause(),
  positionMs: () => 0,
});

function again(): void {
  const { station } = useRadio.getState();
  if (station) radio.play(station);
}

/** For the lock screen: whose stream it is. */
function show(playing: boolean): void {
  keys.tell({ playing, hasTrack: true, positionMs: 0, durationMs: 0, speed: 1 });
}

let sound: HTMLAudioElement | null = null;

function element(): HTMLAudioElement {
  if (sound) return sound;
  const audio = new Audio();
  audio.preload = "none";
  audio.addEventListener("playing", () => useRadio.setState({ status: "playing" }));
  audio.addEventListener("waiting", () => useRadio.setState({ status: "loading" }));
  audio.addEventListener("error", () => {
    if (audio.hasAttribute("src")) useRadio.setState({ status: "error" });
  });
  const follow = () => {
    const { volume, muted } = playerStore.getState();
    audio.volume = volume;
    audio.muted = muted;
  };
  follow();
  playerStore.subscribe((now, before) => {
    follow();
    if (now.status !== before.status && (now.status === "playing" || now.status === "loading")) radio.stop();
  });
  sound = audio;
  return audio;
}

/** A stream has no place to go back to: what was paused begins anew with what is on the air by then. */
function silence(): void {
  const audio = element();
  audio.pause();
  audio.removeAttribute("src");
  audio.load();
}

export const radio = {
  play(station: RadioStation): void {
    player.pause();
    const audio = element();
    useRadio.setState({ station, status: "loading" });
    keys.describe({ title: station.name, artist: { name: "" }, album: null, cover: station.cover });
    show(true);
    keys.take();
    audio.src = station.stream_url;
    audio.play().catch((error: unknown) => {
      const aborted = error instanceof DOMException && error.name === "AbortError";
      if (!aborted && useRadio.getState().station?.id === station.id) useRadio.setState({ status: "error" });
    });
  },
  pause(): void {
    silence();
    show(false);
    useRadio.setState({ status: "paused" });
  },
  toggle(station: RadioStation): void {
    const now = useRadio.getState();
    const sounding = now.station?.id === station.id && (now.status === "playing" || now.status === "loading");
    if (sounding) radio.pause();
    else radio.play(station);
  },
  stop(): void {
    if (useRadio.getState().station === null) return;
    silence();
    keys.giveBack();
    useRadio.setState({ station: null, status: "paused" });
  },
};
