/** The player's face to the interface; nothing else of this folder is imported from outside. */
import type { ListedTrack } from "@/shared/api/types";
import type { QueueItem } from "./types";
import { newUuid } from "@/shared/lib/uuid";

export { player, queueElsewhere } from "./player";
export { connectMediaKeys } from "./media-session";
export { type Follower, type FollowerStatus, loadFollower } from "./together";
export type { Piece, Score } from "./together/timeline";
export { usePosition } from "./position";
export { radio, type RadioStation, useRadio } from "./radio";
export { MOST_CROSSFADE_S, playerSettings, type PlayerSettings, SPEEDS } from "./settings";
export { type PlayerState, playerStore, usePlayer } from "./store";
export type { LoudnessMode, PlayerStatus, QualityMode, QueueItem, RepeatMode, Waveform as WaveformData } from "./types";
export { Waveform, type WaveformProps } from "./ui/waveform";
export { BUDGETS, type Kept, lapsed, used } from "./offline/rules";
export { downloads, useDownloads } from "./offline/store";
export { isLocal, queueItemsFromFiles } from "./local";
export { loadWaveform } from "./api";
export { BANDS_HZ, MOST_BAND_DB, PRESET_NAMES, type PresetName, PRESETS, presetOf } from "./equaliser";

export function queueItemFromTrack(track: ListedTrack): QueueItem {
  return {
    key: newUuid(),
    trackId: track.id,
    title: track.title,
    artist: track.artist,
    album: track.album,
    trackNumber: track.track_number ?? null,
    cover: track.cover,
    durationMs: track.duration_ms,
  };
}
