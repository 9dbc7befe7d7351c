/** The room that this page is in: what is known of it, how it is kept up to date, and the sound that follows it. */
import {
  type Follower,
  loadFollower,
  MediaKeys,
  type Piece,
  player,
  playerStore,
  queueElsewhere,
  radio,
  type Score,
} from "@/player";
import { ApiError } from "@/shared/api/errors";
import { askTheTime, isLive, subscribe, subscribeAsGuest, type TopicEvent } from "@/shared/api/socket";
import type { Jam, JamCommand, JamEntry } from "@/shared/api/types";
import { moved } from "@/shared/lib/order";
import { session } from "@/shared/lib/session";
import { newUuid } from "@/shared/lib/uuid";
import { sayFailure } from "@/shared/ui/say-failure";
import { fetchJam, fetchLinked, showOut, stillHere, tellJam, timeByHttp } from "./queries";
import { useJam } from "./store";

const HERE_MS = 30_000;
/** Where no socket tells: behind a proxy that lets none through. */
const GUEST_LOOKS_MS = 3_000;
/** Quickly at first, then often enough to notice how the clocks part. */
const FIRST_TIMES = 8;
const FIRST_TIME_MS = 200;
const TIME_MS = 5_000;
/** Everybody's track ends at the same moment; not everybody has to ask at that one. */
const SPREAD_MS = 400;

let follower: Follower | null = null;
let coming: Promise<Follower> | null = null;
let leaving: (() => void)[] = [];

export const room = {
  /** Loads what makes the sound, so that it begins within the press that asks for it. */
  prepare,

  /** This page is in the room from now on; `code` for guests, who know it by its link alone. */
  enter(jam: Jam, code: string | null = null): void {
    if (useJam.getState().jam?.id === jam.id) {
      take(jam);
      return;
    }
    room.forget();
    useJam.setState({ jam, code, sound: "off", error: null, over: false });
    void prepare().then(() => {
      // What was told while it was loaded holds.
      const { jam: now } = useJam.getState();
      if (now?.id === jam.id) score(now);
    });
    leaving = [jam.role === null && code !== null ? asGuest(jam.id, code) : asMember(jam.id), keepTime()];
    if (jam.role !== null) leaving.push(queueElsewhere((items) => void add(items.map((item) => item.trackId))));
  },

  /** To be called within a press. */
  listen(): void {
    player.pause();
    radio.stop();
    void prepare().then((one) => {
      one.listen();
      keys.take();
    });
  },

  /** The room goes on without this device. */
  rest(): void {
    follower?.rest();
  },

  tell(...commands: JamCommand[]): Promise<void> {
    const { jam } = useJam.getState();
    if (jam === null) return Promise.resolve();
    return tellJam(jam.id, commands).then(take).catch(sayFailure);
  },

  /** To the place in front of another one, or to the end: at once here, and as it was again where that is refused. */
  move(entry: string, before: string | null): void {
    const { jam } = useJam.getState();
    if (jam === null) return;
    const coming = moved(jam.coming, new Set([entry]), before);
    const after = coming[coming.findIndex((one) => one.id === entry) - 1]?.id ?? null;
    useJam.setState({ jam: { ...jam, coming } });
    tellJam(jam.id, [{ kind: "move", entry, after }])
      .then(take)
      .catch((error: unknown) => {
        sayFailure(error);
        void look();
      });
  },

  add: (trackIds: readonly string[]): Promise<void> => add(trackIds),

  take,

  /** This page is in no room any more; the person may still be. */
  forget(): void {
    leaving.forEach((leave) => leave());
    leaving = [];
    keys.giveBack();
    follower?.rest();
    follower?.follow({ head: { current: null, playing: false, positionMs: 0, atMs: 0 }, current: null, coming: [] });
    useJam.setState({ jam: null, code: null, sound: "off", error: null });
  },

  async leave(): Promise<void> {
    const { jam } = useJam.getState();
    const me = session.get()?.userId;
    // Until the server has heard of it, it would answer that one is in the room.
    useJam.setState({ leaving: true });
    room.forget();
    if (jam && jam.role !== null && me) await showOut(jam.id, me).catch(sayFailure);
    useJam.setState({ leaving: false });
  },

  positionMs: (): number => follower?.positionMs() ?? 0,
};

/** Whether this person decides what plays. */
export const controls = (jam: Jam): boolean =>
  jam.role !== null && (jam.role !== "listener" || jam.options.everybody_controls === true);
export const adds = (jam: Jam): boolean =>
  jam.role !== null && (jam.role !== "listener" || jam.options.everybody_adds === true);

/** For everybody, where one decides what plays; else for oneself. */
export function playOrPause(play = !isHeard()): void {
  const { jam } = useJam.getState();
  if (jam && controls(jam)) void room.tell({ kind: play ? "play" : "pause" });
  else if (play) room.listen();
  else room.rest();
}

/** Whether what is pressed next is to stop it: the room's music, or what one hears of it. */
function isHeard(): boolean {
  const { jam, sound } = useJam.getState();
  return jam !== null && controls(jam) ? jam.head.playing : sound !== "off" && sound !== "blocked";
}

const keys = new MediaKeys({
  play: () => playOrPause(true),
  pause: () => playOrPause(false),
  next: () => skipOrAsk(),
  previous: () => undefined,
  seek: (ms: number) => seekTo(ms),
  stop: () => room.rest(),
  positionMs: () => room.positionMs(),
});

/** For the lock screen: what the room plays, and whether one hears it. */
function showOnScreen(): void {
  const { jam, sound } = useJam.getState();
  const current = jam?.current ?? null;
  keys.describe(current?.track ?? null);
  keys.tell({
    playing: jam?.head.playing === true && sound !== "off" && sound !== "blocked",
    hasTrack: current !== null,
    positionMs: room.positionMs(),
    durationMs: current?.duration_ms ?? 0,
    speed: 1,
  });
}

export function skip(): void {
  const { jam } = useJam.getState();
  if (jam?.head.current) void room.tell({ kind: "next", entry: jam.head.current });
}

/** Asks for the next one together with others, where one does not decide; asked again it is taken back. */
export function skipOrAsk(): void {
  const { jam } = useJam.getState();
  const entry = jam?.head.current;
  if (!jam || !entry || jam.role === null) return;
  const me = session.get()?.userId;
  const asked = jam.members.some((one) => one.user_id === me && one.skips);
  if (controls(jam)) skip();
  else void room.tell({ kind: "skip", entry, wanted: !asked });
}

export function seekTo(ms: number): void {
  const { jam } = useJam.getState();
  if (!jam?.head.current || !controls(jam)) return;
  void room.tell({ kind: "seek", entry: jam.head.current, position_ms: Math.max(0, Math.round(ms)) });
}

function add(trackIds: readonly string[]): Promise<void> {
  const entries = trackIds.map((id) => ({ id: newUuid(), content_id: id }));
  return entries.length > 0 ? room.tell({ kind: "add", entries }) : Promise.resolve();
}

function prepare(): Promise<Follower> {
  coming ??= loadFollower({
    status: (sound, error) => {
      useJam.setState({ sound, error: error?.code ?? null });
      showOnScreen();
    },
    turned: () => setTimeout(() => void look(), Math.random() * SPREAD_MS),
  }).then((one) => {
    follower = one;
    // Somebody who plays something of their own does not listen along.
    playerStore.subscribe((now, before) => {
      if (now.status === before.status || now.status !== "playing") return;
      room.rest();
      keys.giveBack();
    });
    return one;
  });
  return coming;
}

/** What is told late is old. */
function take(jam: Jam): void {
  const { jam: known } = useJam.getState();
  if (known?.id !== jam.id || known.revision > jam.revision) return;
  useJam.setState({ jam });
  score(jam);
}

function score(jam: Jam): void {
  follower?.follow(scoreOf(jam));
  showOnScreen();
}

export function scoreOf({ head, current, coming: next }: Jam): Score {
  const { current: key, playing, position_ms: positionMs, at } = head;
  return {
    head: { current: key, playing, positionMs, atMs: Date.parse(at) },
    current: current ? pieceOf(current) : null,
    coming: next.map(pieceOf),
  };
}

/** Whether the order of what comes is for this person to say. */
export const arranges = (jam: Jam): boolean => controls(jam) && jam.options.by_votes !== true;

const pieceOf = (entry: JamEntry): Piece => ({
  key: entry.id,
  trackId: entry.content_id,
  durationMs: entry.duration_ms,
  silent: entry.track === null || entry.silent_because !== null,
});

function asMember(id: string): () => void {
  const topic = `jam:${id}`;
  const stop = subscribe(topic, hear, () => void look());
  const timer = setInterval(() => void look(), HERE_MS);
  return () => {
    stop();
    clearInterval(timer);
  };
}

function asGuest(id: string, code: string): () => void {
  const topic = `jam:${id}`;
  const stop = subscribeAsGuest({ topic, key: code }, hear, () => void look());
  let looked = 0;
  const timer = setInterval(() => {
    if (isLive(topic) && performance.now() - looked < HERE_MS) return;
    looked = performance.now();
    void look();
  }, GUEST_LOOKS_MS);
  return () => {
    stop();
    clearInterval(timer);
  };
}

/** Says that one is here, and hears what is so. */
async function look(): Promise<void> {
  const { jam } = useJam.getState();
  if (jam === null) return;
  await (jam.role === null ? fetchNow(jam) : stillHere(jam.id)).then(take).catch(lost(jam));
}

const fetchNow = (jam: Jam): Promise<Jam> => {
  const { code } = useJam.getState();
  return jam.role === null && code !== null ? fetchLinked(code) : fetchJam(jam.id);
};

/** Where this page has left the room meanwhile that it cannot be found is no news. */
const lost =
  ({ id }: Jam) =>
  (error: unknown): void => {
    if (!(error instanceof ApiError) || error.status !== 404 || useJam.getState().jam?.id !== id) return;
    room.forget();
    useJam.setState({ over: true });
  };

type Told = { revision: number; head: Jam["head"]; more: boolean };

function hear({ event, data }: TopicEvent): void {
  const { jam } = useJam.getState();
  if (jam === null) return;
  if (event === "ended") {
    room.forget();
    useJam.setState({ over: true });
    return;
  }
  const told = data as Told;
  if (told.revision <= jam.revision) return;
  const now = withHead(jam, told);
  // The head is what cannot wait: it is told a little ahead, so that it begins everywhere at once.
  if (now) {
    useJam.setState({ jam: now });
    score(now);
  }
  if (told.more || now === null) void fetchNow(jam).then(take).catch(lost(jam));
}

/** The room with another head, as far as its entry is known here. */
export function withHead(jam: Jam, { revision, head, more }: Told): Jam | null {
  const known = [jam.current, ...jam.coming].find((one) => one?.id === head.current) ?? null;
  if (head.current !== null && known === null) return null;
  // What else is new has yet to be fetched: until then this is the revision before.
  const at = more ? revision - 1 : revision;
  return { ...jam, revision: at, head, current: known, coming: jam.coming.filter((one) => one.id !== head.current) };
}

/** Asks again and again what the server's clock says. */
function keepTime(): () => void {
  let [left, over] = [FIRST_TIMES, false];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const ask = async (): Promise<void> => {
    const { jam } = useJam.getState();
    const live = jam !== null && isLive(`jam:${jam.id}`);
    const sample = await (live ? askTheTime() : timeByHttp()).catch(() => null);
    if (over) return;
    if (sample && (live || jam?.role === null || !follower?.clock.known)) {
      follower?.clock.take(sample);
      left -= 1;
    }
    timer = setTimeout(() => void ask(), left > 0 ? FIRST_TIME_MS : TIME_MS);
  };
  void prepare().then((one) => {
    one.clock.forget();
    void ask();
  });
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
