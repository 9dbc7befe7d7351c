/** The player's face to the interface; nothing else of this folder is imported from outside. */
export { player, queueElsewhere } from "./player";
export { MediaKeys } from "./media-session";
export { type Follower, type FollowerStatus, loadFollower } from "./together";
export type { Piece, Score } from "./together/timeline";
export { type SeenDevice, useDevices } from "./devices/store";
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

export { queueItemFromTrack } from "./items";
