/** This device among the others of its person: says what it does, obeys, and tells others what to do. */
import { api, data } from "@/shared/api/client";
import { present, type Present, subscribe } from "@/shared/api/socket";
import type { PlayDevice, RemoteCommand } from "@/shared/api/types";
import { deviceName } from "@/shared/lib/device-name";
import { inTurn } from "@/shared/lib/in-turn";
import { newUuid } from "@/shared/lib/uuid";
import { passes } from "@/player/api";
import { isHere, NOBODY, type Roster, steered, withDevice, without, withShown } from "./roster";
import { useDevices } from "./store";

const TOPIC = "user:me:devices";
const KEY = "antiphon.player.device";
const LOCK = "antiphon.player.device";
const LEASE_MS = 30_000;
const LOOK_MS = 10_000;
/** A slider that is drawn tells where it stands so often. */
const SAY_MS = 200;

export type DeviceEars = {
  obey(command: RemoteCommand): void;
  /** The music has gone to another device. */
  overtaken(): void;
  steers(device: PlayDevice | null, before: PlayDevice | null): void;
};
type State = { playing: boolean; volume: number };

export class Devices {
  readonly me = ownId();
  private roster: Roster = NOBODY;
  /** Of several tabs of this browser one is the device: the one that played last. */
  private leading = false;
  private state: State = { playing: false, volume: 1 };
  private said: (State & { at: number }) | null = null;
  private saying: ReturnType<typeof setTimeout> | undefined;
  private asking: ReturnType<typeof setTimeout> | undefined;
  private hide: (() => void) | null = null;
  private waiting = new AbortController();
  private ended = false;
  /** How often others were heard of. */
  private heard = 0;
  /** What comes last holds: words that overtake each other on their way would say the opposite. */
  private readonly telling = inTurn();
  private readonly stating = inTurn();
  private readonly ends: (() => void)[];

  constructor(private readonly ears: DeviceEars) {
    const look = setInterval(() => this.look(), LOOK_MS);
    const lease = setInterval(() => this.say(), LEASE_MS);
    this.ends = [
      () => clearInterval(look),
      () => clearInterval(lease),
      subscribe(
        TOPIC,
        ({ event, data: told }) => this.hear(event, told),
        () => void this.fetch(),
        (who) => this.onPresence(who),
      ),
    ];
    useDevices.setState({ me: this.me });
    this.lead(false);
  }

  end(): void {
    this.ended = true;
    this.waiting.abort();
    clearTimeout(this.saying);
    clearTimeout(this.asking);
    this.hide?.();
    for (const end of this.ends) end();
    this.roster = NOBODY;
    useDevices.setState({ me: null, own: null, others: [], steered: null });
  }

  /** What this device does now. Others hear of it where something is new. */
  tellState(state: State): void {
    const begins = state.playing && !this.state.playing;
    this.state = state;
    if (begins) this.claim();
    if (this.said?.playing !== state.playing) this.say();
    else if (this.said.volume !== state.volume) this.sayLater();
  }

  /** The music is here from now on, whatever others say. */
  claim(): void {
    this.roster = { ...this.roster, active: this.me };
    this.look();
    if (!this.leading) this.lead(true);
  }

  /** Whether the music is (also) for this device to make. */
  get mine(): boolean {
    return this.roster.active === this.me && this.leading;
  }

  /** To another device. Rejects where it is not here. */
  async tell(id: string, command: RemoteCommand): Promise<void> {
    const params = { path: { device_id: id }, header: { "Antiphon-Player": this.me } };
    const send = () => data(api.POST("/api/v1/stream/devices/{device_id}/commands", { params, body: command }));
    // Nothing waits for devices that get ready: they may be many, and need not be here.
    await (command.kind === "prepare" ? send() : this.telling(send));
  }

  /** The music is there from now on; it is known to have begun when that device says so. */
  handedTo(id: string): void {
    const device = this.roster.devices.find((one) => one.id === id);
    if (device) this.roster = withDevice(this.roster, { ...device, active: true, playing: true });
    this.look();
  }

  private lead(steal: boolean): void {
    if (this.ended) return;
    if (!("locks" in navigator)) return this.leads();
    this.waiting.abort();
    this.waiting = new AbortController();
    const { signal } = this.waiting;
    const hold = () =>
      new Promise<void>((resolve) => {
        this.leads();
        signal.addEventListener("abort", () => resolve());
      });
    const held = navigator.locks.request(LOCK, steal ? { steal } : { signal }, hold);
    held.catch(() => {
      if (signal.aborted) return;
      // Another tab plays now; when that one closes this one is the device again.
      this.leading = false;
      this.hide?.();
      this.lead(false);
    });
  }

  private leads(): void {
    if (this.ended) return;
    this.leading = true;
    this.hide = present(TOPIC, { device: this.me });
    this.said = null;
    this.say();
  }

  private sayLater(): void {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => this.say(), SAY_MS);
  }

  private say(): void {
    if (!this.leading || this.ended) return;
    clearTimeout(this.saying);
    this.said = { ...this.state, at: performance.now() };
    const body = { name: deviceName(navigator.userAgent), kind: KIND, ...this.state };
    const params = { path: { device_id: this.me } };
    // It is said again with the next lease.
    this.stating(() => api.PUT("/api/v1/stream/devices/{device_id}", { params, body, keepalive: true })).catch(
      () => undefined,
    );
  }

  private async fetch(): Promise<void> {
    clearTimeout(this.asking);
    try {
      const { heard } = this;
      const devices = await data(api.GET("/api/v1/stream/devices"));
      if (this.ended) return;
      // What was said meanwhile may be newer than the answer.
      if (this.heard !== heard) return this.fetch();
      const active = this.state.playing && this.leading ? this.me : (devices.find((one) => one.active)?.id ?? null);
      this.roster = { ...this.roster, devices, active };
      this.look();
    } catch (error) {
      // Events tell of whoever says something new; of the others nobody would ever know.
      if (!this.ended && passes(error)) this.asking = setTimeout(() => void this.fetch(), LOOK_MS);
    }
  }

  private hear(event: string, told: unknown): void {
    if (event === "command") {
      const { to, command } = told as { to: string; command: RemoteCommand };
      if (to === this.me && this.leading) this.ears.obey(command);
      return;
    }
    this.heard += 1;
    if (event === "gone") this.roster = without(this.roster, (told as { id: string }).id);
    if (event === "changed") this.roster = withDevice(this.roster, (told as { device: PlayDevice }).device);
    this.look();
  }

  private onPresence(who: readonly Present[]): void {
    const shown = new Set(who.map(({ data: told }) => (told as { device?: string } | null)?.device ?? ""));
    this.roster = withShown(this.roster, shown);
    this.look();
  }

  /** What follows from what is known now. */
  private look(): void {
    const now = Date.now();
    const before = useDevices.getState().steered;
    const device = steered(this.roster, this.me, before?.id ?? null, now);
    const others = this.roster.devices
      .filter(({ id }) => id !== this.me)
      .map((one) => ({ ...one, away: !isHere(this.roster, one, now) }));
    const own = this.roster.devices.find(({ id }) => id === this.me) ?? null;
    useDevices.setState({ own, others, steered: device });
    if (device && this.state.playing) this.ears.overtaken();
    if (JSON.stringify(device) !== JSON.stringify(before)) this.ears.steers(device, before);
  }
}

const KIND = /Mobi/.test(navigator.userAgent) ? ("phone" as const) : ("browser" as const);

/** Kept by this browser; where its tabs cannot agree on one that plays, by each tab. */
function ownId(): string {
  const storage = "locks" in navigator ? localStorage : sessionStorage;
  const found = storage.getItem(KEY);
  if (found !== null) return found;
  const made = newUuid();
  storage.setItem(KEY, made);
  return made;
}

/** On all devices; an empty name lets it go by its own again. */
export async function renameDevice(id: string, name: string): Promise<void> {
  const params = { path: { device_id: id } };
  await data(api.PUT("/api/v1/stream/devices/{device_id}/name", { params, body: { name: name || null } }));
}
