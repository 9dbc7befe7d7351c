import { session } from "@/shared/lib/session";
import { type FromServer, type Present, type TopicEvent, Topics } from "@/shared/realtime/topics";
import { freshSession, loseSession, refresh } from "./client";

export type { Present, TopicEvent };

const SIGNED_OUT = 4403;
const UNAUTHORIZED = 4401;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 30_000;
/** The server speaks at least once in a heartbeat. */
const SILENT_HEARTBEATS = 2.5;

/** Whoever is nobody here may hear one topic by what was given to them. */
type Guest = { topic: string; key: string };

const topics = new Topics();
let guest: Guest | null = null;
let socket: WebSocket | null = null;
let ready = false;
let retry = FIRST_RETRY_MS;
let timer: number | undefined;
let silence: number | undefined;
let silentMs = 60_000;

function send(message: object): void {
  if (ready && socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/** `user:me` is the topic of whoever is signed in. */
const ME = "user:me";
const named = (topic: string): string =>
  topic === ME || topic.startsWith(`${ME}:`) ? topic.replace(ME, `user:${session.get()?.userId ?? ""}`) : topic;
function known(topic: string): string {
  const own = `user:${session.get()?.userId ?? ""}`;
  return topic === own || topic.startsWith(`${own}:`) ? topic.replace(own, ME) : topic;
}

function receive(text: string): void {
  const message = JSON.parse(text) as FromServer;
  listenForSilence();
  if (message.type === "ready") {
    ready = true;
    retry = FIRST_RETRY_MS;
    silentMs = message.heartbeat_s * 1000 * SILENT_HEARTBEATS;
    for (const { topic, ...rest } of topics.wanted()) send({ type: "subscribe", topic: named(topic), ...rest });
  } else if (message.type === "ping") send({ type: "pong" });
  else if (message.type === "pong" && message.t !== undefined) answered(message.t, message.at ?? NaN);
  else if (message.type === "signed_out") loseSession(message.reason);
  else {
    const told = "topic" in message ? { ...message, topic: known(message.topic) } : message;
    topics.take(told);
    if (told.type === "subscribed" || told.type === "reset") showSelf(told.topic);
  }
}

const asked = new Map<number, (at: number) => void>();

function answered(t: number, at: number): void {
  asked.get(t)?.(at);
  asked.delete(t);
}

/** What the server's clock says, with the moments of this page before and after; null where nobody answers in time. */
export function askTheTime(withinMs = 2_000): Promise<{ sent: number; back: number; at: number } | null> {
  if (!ready) return Promise.resolve(null);
  const sent = performance.now();
  return new Promise((resolve) => {
    const late = window.setTimeout(() => asked.delete(sent) && resolve(null), withinMs);
    asked.set(sent, (at) => {
      window.clearTimeout(late);
      resolve({ sent, back: performance.now(), at });
    });
    send({ type: "ping", t: sent });
  });
}

/** A connection that died without a word is noticed by what does not come. */
function listenForSilence(): void {
  window.clearTimeout(silence);
  const which = socket;
  silence = window.setTimeout(() => {
    if (which === null || socket !== which) return;
    drop();
    later();
  }, silentMs);
}

function later(): void {
  window.clearTimeout(timer);
  if (topics.size === 0) return;
  // Anywhere between half and all of it, so that a restarted server is not met by everybody at once.
  timer = window.setTimeout(() => void connect(), retry * (0.5 + Math.random() * 0.5));
  retry = Math.min(retry * 2, LAST_RETRY_MS);
}

function drop(): void {
  const old = socket;
  socket = null;
  ready = false;
  topics.interrupt();
  window.clearTimeout(silence);
  old?.close(1000);
}

/** Whether what is said on the topic arrives right now; while it does not, whoever needs it has to ask. */
export const isLive = (topic: string): boolean => ready && topics.isLive(topic);

/** The token of the handshake's cookie ran out, or the session is over: renewing it tells which. */
async function lookAgain(): Promise<void> {
  const current = session.get();
  if (current !== null) await refresh(current).catch(() => undefined);
}

async function connect(): Promise<void> {
  if (socket !== null || topics.size === 0) return;
  let current;
  try {
    current = await freshSession();
  } catch {
    // The session could not be renewed now; it may still hold.
    return later();
  }
  if ((current === null && guest === null) || socket !== null) return;
  const url = new URL("/ws", window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const opened = new WebSocket(url);
  socket = opened;
  opened.onopen = () => {
    opened.send(JSON.stringify({ type: "auth", ...(current ? { csrf: current.csrfToken } : { guest }) }));
    listenForSilence();
  };
  opened.onmessage = (message) => receive(String(message.data));
  opened.onclose = ({ code }) => void closed(opened, code);
}

async function closed(which: WebSocket, code: number): Promise<void> {
  if (socket !== which) return;
  drop();
  if (code === SIGNED_OUT) loseSession("revoked");
  if (code === UNAUTHORIZED) await lookAgain();
  if (session.signedIn() || guest !== null) later();
}

/** As `subscribe`, for who is not signed in but was given a key to this topic. */
export function subscribeAsGuest(shown: Guest, hear: (event: TopicEvent) => void, refetch?: () => void): () => void {
  guest = shown;
  const end = subscribe(shown.topic, hear, refetch);
  return () => {
    guest = null;
    end();
    if (!session.signedIn()) drop();
  };
}

/** What this page shows of itself on a topic, and where it looks who is there. */
const shown = new Map<string, object>();

function showSelf(topic: string): void {
  const found = shown.get(topic);
  if (found) send({ type: "present", topic: named(topic), data: found });
}

/** Shows this page to those who watch a topic that it watches itself, also after a break; the answer takes it back. */
export function present(topic: string, self: object): () => void {
  shown.set(topic, self);
  if (isLive(topic)) showSelf(topic);
  return () => {
    shown.delete(topic);
    send({ type: "present", topic: named(topic), data: null });
  };
}

/**
 * Listens to a topic (`content:trk_…`, or `user:me` for one's own notices) while signed in; reconnects by itself and
 * goes on where it was. `refetch` is called when something may have been missed, also right after the subscription.
 * `here` hears who shows themselves there. The answer ends the subscription; the connection closes with the last one.
 */
export function subscribe(
  topic: string,
  hear: (event: TopicEvent) => void,
  refetch?: () => void,
  here?: (who: readonly Present[]) => void,
): () => void {
  const watcher = { hear, refetch, here };
  if (topics.watch(topic, watcher)) send({ type: "subscribe", topic: named(topic) });
  void connect();
  return () => {
    if (!topics.unwatch(topic, watcher)) return;
    send({ type: "unsubscribe", topic: named(topic) });
    if (topics.size === 0) drop();
  };
}

session.subscribe((current, before) => {
  // The handshake's cookie was another person's, or nobody's any more.
  if (current?.userId !== before?.userId) {
    drop();
    topics.forget();
  }
  if (current !== null) void connect();
});

// Whoever comes back to the page, or to the network, does not wait for the next try.
for (const [target, event] of [
  [window, "online"],
  [document, "visibilitychange"],
] as const) {
  target.addEventListener(event, () => {
    if (socket === null && document.visibilityState === "visible") {
      window.clearTimeout(timer);
      void connect();
    }
  });
}
