/** The player's face to the interface; nothing else of this folder is imported from outside. */
import type { ListedTrack } from "@/shared/api/types";
import type { QueueItem } from "./types";
import { newUuid } from "@/shared/lib/uuid";

export { player } from "./player";
export { usePosition } from "./position";
export { radio, type RadioStation, useRadio } from "./radio";
export { playerSettings, type PlayerSettings } from "./settings";
export { type PlayerState, playerStore, usePlayer } from "./store";
export type { LoudnessMode, PlayerStatus, QualityMode, QueueItem, RepeatMode, Waveform as WaveformData } from "./types";
export { Waveform, type WaveformProps } from "./ui/waveform";
export { loadWaveform } from "./api";

export function queueItemFromTrack(track: ListedTrack): QueueItem {
  return {
    key: newUuid(),
    trackId: track.id,
    title: track.title,
    artist: track.artist,
    album: track.album,
    cover: track.cover,
    durationMs: track.duration_ms,
  };
}
