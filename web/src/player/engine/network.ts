/** Byte ranges over HTTP, how fast they come, and when to try again. */

import { fromShelf, isHere } from "./shelf";

/** The address does not hold any more (403, 404, 410): ask for a fresh stream description. */
export class StaleAddress extends Error {}
/** The network or the server failed in a way that passes. */
export class PassingFailure extends Error {}

const STALE = new Set([401, 403, 404, 410]);
/** A connection that gives nothing for so long is treated as cut, because some cuts never raise an error. */
const SILENCE_MS = 12_000;
/** What will not be otherwise the next time. */
const REFUSALS = new Set([400, 409, 415, 422, 451]);

/** The server says that this cannot be heard: no trying again. */
class Refused extends Error {
  constructor(
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }

  static async by(response: Response): Promise<Refused> {
    const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string };
    return new Refused(problem.code ?? "playback_failed", problem.detail ?? `HTTP ${response.status}`);
  }
}

/** The whole of what is at an address, in the pieces in which it arrives. */
export function readAll(
  url: string,
  signal: AbortSignal,
  meter: ThroughputMeter,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  return readRange(url, 0, Number.POSITIVE_INFINITY, signal, meter);
}

/** Bytes `first`..`last` (inclusive) in the pieces in which they arrive. */
export async function* readRange(
  url: string,
  first: number,
  last: number,
  signal: AbortSignal,
  meter: ThroughputMeter,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  if (isHere(url)) {
    yield* readShelf(url, first, last, signal);
    return;
  }
  const stalled = new AbortController();
  let timer = setTimeout(() => stalled.abort(), SILENCE_MS);
  const began = performance.now();
  let received = 0;
  try {
    const response = await fetch(url, {
      headers: last === Number.POSITIVE_INFINITY ? {} : { Range: `bytes=${first}-${last}` },
      signal: AbortSignal.any([signal, stalled.signal]),
    });
    if (STALE.has(response.status)) throw new StaleAddress(`HTTP ${response.status}`);
    if (REFUSALS.has(response.status)) throw await Refused.by(response);
    const expected = last === Number.POSITIVE_INFINITY ? 200 : 206;
    if (response.status !== expected || !response.body) throw new PassingFailure(`HTTP ${response.status}`);
    const reader = response.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      clearTimeout(timer);
      timer = setTimeout(() => stalled.abort(), SILENCE_MS);
      received += value.byteLength;
      yield value;
    }
    meter.add(received, performance.now() - began);
  } catch (error) {
    if (signal.aborted || error instanceof StaleAddress || error instanceof PassingFailure) throw error;
    if (error instanceof Refused) throw error;
    throw new PassingFailure(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
}

async function* readShelf(
  url: string,
  first: number,
  last: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  const bytes = fromShelf(url);
  if (!bytes) throw new StaleAddress("no longer on this device");
  const whole = await bytes.slice(first, last + 1).arrayBuffer();
  if (signal.aborted) throw new DOMException("aborted", "AbortError");
  yield new Uint8Array(whole);
}

/** All bytes of a range in one piece. */
export async function readWhole(
  url: string,
  first: number,
  last: number,
  signal: AbortSignal,
  meter: ThroughputMeter,
): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(last - first + 1);
  let at = 0;
  for await (const piece of readRange(url, first, last, signal, meter)) {
    whole.set(piece.subarray(0, whole.byteLength - at), at);
    at += piece.byteLength;
  }
  if (at < whole.byteLength) throw new PassingFailure("the answer was cut short");
  return whole;
}

/** A moving estimate of throughput in kbit/s; small answers say more about latency and are left out. */
export class ThroughputMeter {
  private estimate: number | null = null;

  add(bytes: number, elapsedMs: number): void {
    if (bytes < 24_000 || elapsedMs <= 0) return;
    const sample = (bytes * 8) / elapsedMs;
    this.estimate = this.estimate === null ? sample : this.estimate * 0.6 + sample * 0.4;
  }

  /** The measured figure; before the first measurement what the browser believes, where it says so. */
  kbps(): number | null {
    if (this.estimate !== null) return this.estimate;
    const downlink = connection()?.downlink;
    return typeof downlink === "number" && downlink > 0 ? downlink * 1000 : null;
  }
}

export function saveDataWanted(): boolean {
  return connection()?.saveData === true;
}

function connection(): { downlink?: number; saveData?: boolean } | undefined {
  return (navigator as { connection?: { downlink?: number; saveData?: boolean } }).connection;
}

/** Milliseconds to wait before attempt `attempt` (0: the first repeat): 0.4 s doubling to 6 s, ± a quarter. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  return Math.min(400 * 2 ** attempt, 6000) * (0.75 + random() * 0.5);
}

/** Waits, but no longer than until the browser says that it is online again. Rejects when aborted. */
export function pauseBeforeRetry(attempt: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const finish = (): void => {
      clearTimeout(timer);
      window.removeEventListener("online", finish);
      signal.removeEventListener("abort", finish);
      if (signal.aborted) reject(new DOMException("aborted", "AbortError"));
      else resolve();
    };
    const timer = setTimeout(finish, backoffMs(attempt));
    window.addEventListener("online", finish);
    signal.addEventListener("abort", finish);
  });
}
