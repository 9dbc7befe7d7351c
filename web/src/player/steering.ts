/**
 * Where the music is, and what is asked of it goes there: to this page, or to another device of the same person that
 * plays what is shown here. Whoever vanishes leaves the queue behind, and it can be gone on with here.
 */
import { session } from "@/shared/lib/session";
import type { PlayDevice, RemoteCommand } from "@/shared/api/types";
import type { PlayerController } from "./controller";
import type { Desk } from "./desk";
import type { Devices } from "./devices/devices";
import { useDevices } from "./devices/store";
import { saveDataWanted } from "./engine/network";
import { recallSound } from "./memory";
import { isSounding, playerStore } from "./store";
import type { QueueItem } from "./types";

const TICK_MS = 500;
/** Commands of a slider that is drawn are sent so often. */
const VOLUME_MS = 150;

type TakeOver = Extract<RemoteCommand, { kind: "take_over" }>;

export class Steering {
  private devices: Devices | null = null;
  private owner: string | null = null;
  private timer: ReturnType<typeof setInterval> | undefined;
  private volume: ReturnType<typeof setTimeout> | undefined;
  /** Told to take over what is not known here yet. */
  private due: TakeOver | null = null;

  constructor(
    readonly local: PlayerController,
    private readonly desk: Desk,
  ) {
    local.steering = {
      taken: () => {
        if (this.due !== null) this.takeOver(this.due, true);
        this.show();
      },
      mayFollow: () => this.devices === null || this.devices.mine,
      played: (playing) => this.devices?.tellState({ playing, volume: ownVolume() }),
    };
    session.subscribe(() => void this.follow());
    void this.follow();
  }

  playNow(items: readonly QueueItem[], startIndex: number): void {
    if (this.device === null || items.length === 0) return this.local.playNow(items, startIndex);
    this.desk.replace(items, startIndex);
    this.goesOn({ kind: "play" });
  }

  jump(index: number): void {
    if (this.device === null) return this.local.jump(index);
    this.desk.jump(index);
    this.goesOn({ kind: "play" });
  }

  /** By what the button shows: what the other device says of itself is a moment older. */
  toggle(): void {
    if (this.device === null) this.local.toggle();
    else if (isSounding(playerStore.getState().status)) this.pause();
    else this.play();
  }

  play(): void {
    if (this.device === null) this.local.play();
    else this.goesOn({ kind: "play" });
  }

  pause(): void {
    if (this.device === null) return this.local.pause();
    playerStore.setState({ status: "paused" });
    this.tell({ kind: "pause" });
  }

  next(): void {
    if (!this.tell({ kind: "next" })) this.local.next();
  }

  previous(): void {
    if (!this.tell({ kind: "previous" })) this.local.previous();
  }

  seek(ms: number): void {
    if (this.device === null) return this.local.seek(ms);
    const position_ms = Math.max(0, Math.round(ms));
    this.desk.head.sent(position_ms);
    this.tell({ kind: "seek", position_ms });
    this.show();
  }

  setVolume(volume: number): void {
    if (this.device === null) return this.local.setVolume(volume);
    const level = Math.min(1, Math.max(0, volume));
    playerStore.setState({ volume: level, muted: level === 0 });
    clearTimeout(this.volume);
    this.volume = setTimeout(() => this.tell({ kind: "volume", level }), VOLUME_MS);
  }

  toggleMute(): void {
    if (this.device === null) this.local.toggleMute();
    else this.setVolume(playerStore.getState().volume === 0 ? 0.5 : 0);
  }

  positionMs(): number {
    return this.device === null ? this.local.positionMs() : this.desk.head.positionMs(this.device.playing);
  }

  /** The music goes to this device, from the place where it is. */
  playHere(): void {
    this.local.goOn(this.positionMs());
    this.devices?.claim();
  }

  /** Somebody looks where the music could go: all that may be chosen get ready. */
  makeReady(): void {
    const { devices, device } = this;
    const place = this.desk.placeAt(this.positionMs());
    if (devices === null || place === null) return;
    if (device !== null) this.prepare(place.entry, place.position_ms);
    for (const { id, away } of useDevices.getState().others) {
      if (away || id === device?.id) continue;
      // Who is not ready begins a moment later.
      devices.tell(id, { kind: "prepare", ...place }).catch(() => undefined);
    }
  }

  /** The music goes there. Rejects where that device is not here; then it goes on where it is. */
  async playOn(id: string): Promise<void> {
    const { devices } = this;
    if (devices === null) return;
    if (id === devices.me) return this.playHere();
    const place = this.desk.placeAt(this.positionMs());
    if (place === null) await this.desk.told();
    await devices.tell(id, { kind: "take_over", ...place });
    this.local.leave();
    devices.handedTo(id);
  }

  private get device(): PlayDevice | null {
    return useDevices.getState().steered;
  }

  private async follow(): Promise<void> {
    const owner = session.get()?.userId ?? null;
    if (owner === this.owner) return;
    this.owner = owner;
    this.devices?.end();
    this.devices = null;
    if (owner === null) return;
    const module = await import("./devices/devices");
    if (this.owner !== owner) return;
    this.devices = new module.Devices({
      obey: (command) => this.obey(command),
      overtaken: () => this.local.leave(),
      steers: (device, before) => this.steers(device, before),
    });
    if (this.local.isSounding()) this.devices.tellState({ playing: true, volume: ownVolume() });
  }

  private obey(command: RemoteCommand): void {
    const { local } = this;
    // What gets ready is told beside the rest, and may come after it.
    if (command.kind !== "prepare") this.due = null;
    if (command.kind === "take_over") this.takeOver(command);
    else if (command.kind === "prepare") this.prepare(command.entry, command.position_ms);
    else if (command.kind === "play") local.play();
    else if (command.kind === "pause") local.pause();
    else if (command.kind === "next") local.next();
    else if (command.kind === "previous") local.previous();
    else if (command.kind === "seek") local.seek(command.position_ms);
    else local.setVolume(command.level);
  }

  private takeOver(command: TakeOver, lookedUp = false): void {
    const { entry = null, position_ms: told = null } = command;
    const known = entry !== null && this.desk.turnTo(entry);
    this.due = entry === null || known || lookedUp ? null : command;
    if (this.due === null) this.local.goOn((known ? told : null) ?? this.desk.head.positionMs(false));
    this.devices?.claim();
  }

  /** Loads what plays elsewhere, to go on with it here at once. */
  private prepare(entry: string, positionMs: number): void {
    const { current } = this.desk;
    if (current?.key !== entry || this.local.isSounding() || saveDataWanted()) return;
    this.local.engine.prepare({ key: entry, trackId: current.trackId }, positionMs / 1000);
  }

  private steers(device: PlayDevice | null, before: PlayDevice | null): void {
    clearInterval(this.timer);
    if (device !== null) {
      this.timer = setInterval(() => this.show(), TICK_MS);
      if (device.volume !== before?.volume) {
        playerStore.setState({ volume: device.volume ?? 1, muted: device.volume === 0 });
      }
      this.show();
      return;
    }
    playerStore.setState(recallSound());
    if (this.local.isSounding() || before === null) return;
    this.local.rest(this.desk.head.positionMs(before.playing));
    if (useDevices.getState().others.some(({ id, away }) => id === before.id && away)) {
      playerStore.setState({ error: { code: "device_gone", detail: before.name } });
    }
  }

  /** What plays elsewhere, as if it played here. */
  private show(): void {
    const { device } = this;
    if (device === null) return;
    const durationMs = this.desk.current?.durationMs ?? 0;
    const positionMs = this.positionMs();
    playerStore.setState({
      status: device.playing ? "playing" : "paused",
      durationMs,
      positionMs: durationMs > 0 ? Math.min(positionMs, durationMs) : positionMs,
      error: null,
    });
  }

  private goesOn(command: RemoteCommand): void {
    playerStore.setState({ status: "loading" });
    this.tell(command);
  }

  private tell(command: RemoteCommand): boolean {
    const { device, devices } = this;
    if (device === null || devices === null) return false;
    devices.tell(device.id, command).catch(() => playerStore.setState({ error: { code: "device_away", detail: "" } }));
    return true;
  }
}

function ownVolume(): number {
  const { volume, muted } = recallSound();
  return muted ? 0 : volume;
}
