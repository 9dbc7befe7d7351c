import { describe, expect, it, vi } from "vitest";
import { Topics } from "./topics";

const TOPIC = "content:trk_1";
const event = (n: number) => ({ type: "event" as const, topic: TOPIC, event: "set", data: { n }, cursor: `a.${n}` });

describe("Topics", () => {
  it("goes on from what was heard last", () => {
    const topics = new Topics();
    const hear = vi.fn();
    expect(topics.watch(TOPIC, { hear })).toBe(true);
    expect(topics.wanted()).toEqual([{ topic: TOPIC }]);
    topics.take({ type: "subscribed", topic: TOPIC, cursor: "a.3" });
    topics.take(event(4));
    expect(hear).toHaveBeenCalledWith({ topic: TOPIC, event: "set", data: { n: 4 } });
    topics.interrupt();
    expect(topics.isLive(TOPIC)).toBe(false);
    expect(topics.wanted()).toEqual([{ topic: TOPIC, cursor: "a.4" }]);
  });

  it("fetches afresh at the beginning and at a reset, and not when it goes on", () => {
    const topics = new Topics();
    const refetch = vi.fn();
    topics.watch(TOPIC, { hear: () => undefined, refetch });
    topics.take({ type: "subscribed", topic: TOPIC, cursor: "a.3" });
    expect(refetch).toHaveBeenCalledTimes(1);
    topics.interrupt();
    topics.take({ type: "subscribed", topic: TOPIC, cursor: "a.3" });
    expect(refetch).toHaveBeenCalledTimes(1);
    topics.take({ type: "reset", topic: TOPIC, cursor: "b.9" });
    expect(refetch).toHaveBeenCalledTimes(2);
    expect(topics.wanted()).toEqual([{ topic: TOPIC, cursor: "b.9" }]);
  });

  it("is not live where the right is gone, and starts anew with another person", () => {
    const topics = new Topics();
    topics.watch(TOPIC, { hear: () => undefined });
    topics.take({ type: "subscribed", topic: TOPIC, cursor: "a.3" });
    topics.take({ type: "refused", topic: TOPIC, code: "forbidden" });
    expect(topics.isLive(TOPIC)).toBe(false);
    topics.take({ type: "subscribed", topic: TOPIC, cursor: "a.3" });
    topics.forget();
    expect(topics.wanted()).toEqual([{ topic: TOPIC }]);
  });

  it("ends with the last who listens", () => {
    const topics = new Topics();
    const one = { hear: () => undefined };
    const other = { hear: () => undefined };
    topics.watch(TOPIC, one);
    expect(topics.watch(TOPIC, other)).toBe(false);
    expect(topics.unwatch(TOPIC, one)).toBe(false);
    expect(topics.unwatch(TOPIC, one)).toBe(false);
    expect(topics.unwatch(TOPIC, other)).toBe(true);
    expect(topics.size).toBe(0);
  });
});
