import { session } from "@/shared/lib/session";
import { freshSession, loseSession, refresh } from "./client";

/** One event of a topic, as `/ws` sends it. */
export type TopicEvent = { topic: string; event: string; data: unknown };
type Listener = (event: TopicEvent) => void;
type Incoming = { type: string; user_id?: string; topic?: string; event?: string; data?: unknown };

const SIGNED_OUT = 4403;
const UNAUTHORIZED = 4401;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;

const topics = new Map<string, Set<Listener>>();
let socket: WebSocket | null = null;
let ready = false;
let retry = FIRST_RETRY_MS;
let timer: number | undefined;

function send(message: object): void {
  if (ready && socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

/** Why a session ended, in the server's word for it. */
const reasonOf = (data: unknown): string => String((data as { reason?: unknown } | null)?.reason ?? "revoked");

function receive(text: string): void {
  const message = JSON.parse(text) as Incoming;
  if (message.type === "ready") {
    ready = true;
    retry = FIRST_RETRY_MS;
    for (const topic of topics.keys()) if (!topic.startsWith("user:")) send({ type: "subscribe", topic });
    return;
  }
  if (message.type !== "event" || !message.topic || !message.event) return;
  if (message.event === "signed_out" && message.topic.startsWith("user:")) loseSession(reasonOf(message.data));
  const event = { topic: message.topic, event: message.event, data: message.data };
  for (const listener of topics.get(message.topic) ?? []) listener(event);
  if (message.topic.startsWith("user:")) for (const listener of topics.get("user:me") ?? []) listener(event);
}

function later(): void {
  window.clearTimeout(timer);
  if (topics.size === 0) return;
  // A quarter either way, so that a restarted server is not met by everybody at once.
  timer = window.setTimeout(() => void connect(), retry * (0.75 + Math.random() * 0.5));
  retry = Math.min(retry * 2, LAST_RETRY_MS);
}

function drop(): void {
  const old = socket;
  socket = null;
  ready = false;
  old?.close(1000);
}

/** Whether events arrive right now; while they do not, whoever needs them has to ask. */
export const socketReady = (): boolean => ready;

/** The token of the handshake's cookie ran out, or the session is over: renewing it tells which. */
async function lookAgain(): Promise<void> {
  const current = session.get();
  if (current !== null) await refresh(current).catch(() => undefined);
}

async function connect(): Promise<void> {
  if (socket !== null || topics.size === 0) return;
  const current = await freshSession().catch(() => null);
  if (current === null || socket !== null) return;
  const url = new URL("/ws", window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const opened = new WebSocket(url);
  socket = opened;
  opened.onopen = () => opened.send(JSON.stringify({ type: "auth", csrf: current.csrfToken }));
  opened.onmessage = (message) => receive(String(message.data));
  opened.onclose = ({ code }) => void closed(opened, code);
}

async function closed(which: WebSocket, code: number): Promise<void> {
  if (socket !== which) return;
  socket = null;
  ready = false;
  if (code === SIGNED_OUT) loseSession("revoked");
  if (code === UNAUTHORIZED) await lookAgain();
  if (session.signedIn()) later();
}

/**
 * Listens to a topic (`content:trk_…`, or `user:me` for one's own notices) while signed in; reconnects by itself.
 * The answer ends the subscription; the connection closes with the last one.
 */
export function subscribe(topic: string, listener: Listener): () => void {
  const listeners = topics.get(topic) ?? new Set();
  const fresh = listeners.size === 0;
  listeners.add(listener);
  topics.set(topic, listeners);
  if (fresh) send({ type: "subscribe", topic });
  void connect();
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    topics.delete(topic);
    if (!topic.startsWith("user:")) send({ type: "unsubscribe", topic });
    if (topics.size === 0) socket?.close(1000);
  };
}

session.subscribe((current, before) => {
  // The handshake's cookie was another person's, or nobody's any more.
  if (current?.userId !== before?.userId) drop();
  if (current !== null) void connect();
});
