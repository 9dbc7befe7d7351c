import { session } from "@/shared/lib/session";
import { accessToken } from "./client";

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

function receive(text: string): void {
  const message = JSON.parse(text) as Incoming;
  if (message.type === "ready") {
    ready = true;
    retry = FIRST_RETRY_MS;
    for (const topic of topics.keys()) if (!topic.startsWith("user:")) send({ type: "subscribe", topic });
    return;
  }
  if (message.type !== "event" || !message.topic || !message.event) return;
  if (message.event === "signed_out" && message.topic.startsWith("user:")) session.end();
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

/** Whether events arrive right now; while they do not, whoever needs them has to ask. */
export const socketReady = (): boolean => ready;

async function connect(): Promise<void> {
  if (socket !== null || topics.size === 0) return;
  const token = await accessToken().catch(() => null);
  if (token === null || socket !== null) return;
  const url = new URL("/ws", window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const current = new WebSocket(url);
  socket = current;
  current.onopen = () => current.send(JSON.stringify({ type: "auth", token }));
  current.onmessage = (message) => receive(String(message.data));
  current.onclose = ({ code }) => {
    socket = null;
    ready = false;
    if (code === SIGNED_OUT) session.end();
    if (code !== SIGNED_OUT && session.signedIn()) later();
    if (code === UNAUTHORIZED) retry = LAST_RETRY_MS;
  };
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

session.subscribe((current) => {
  if (current === null) socket?.close(1000);
  else void connect();
});
