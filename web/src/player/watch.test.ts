import { beforeEach, describe, expect, it, vi } from "vitest";
import { nextLoop, untilTurn } from "./loop";
import { playerStore } from "./store";
import { Watch } from "./watch";

let now = 0;
let position = 0;
const acts = {
  pause: vi.fn(),
  turn: vi.fn<(ms: number) => void>(),
  fade: vi.fn<(level: number, seconds: number) => void>(),
  positionMs: () => position,
  speed: () => 2,
};
const watch = () => new Watch(acts, () => now);

beforeEach(() => {
  now = 0;
  position = 0;
  Object.values(acts).forEach((act) => vi.isMockFunction(act) && act.mockClear());
  playerStore.setState({ sleep: null, loop: null, durationMs: 60_000 });
});

describe("the sleep timer", () => {
  it("fades before it stops, and gives the sound back for the next time", () => {
    const one = watch();
    one.setSleep(1);
    now = 30_000;
    one.look();
    expect(acts.fade).not.toHaveBeenCalled();
    now = 50_000;
    one.look();
    one.look();
    expect(acts.fade.mock.calls).toEqual([[0, 10]]);
    now = 60_000;
    one.look();
    expect(acts.pause).toHaveBeenCalledOnce();
    expect(acts.fade).toHaveBeenLastCalledWith(1, 0.5);
    expect(playerStore.getState().sleep).toBeNull();
  });

  it("gives the sound back at once when it is switched off while it fades", () => {
    const one = watch();
    one.setSleep(1);
    now = 55_000;
    one.look();
    one.setSleep(null);
    expect(acts.fade).toHaveBeenLastCalledWith(1, 0.5);
    now = 70_000;
    one.look();
    expect(acts.pause).not.toHaveBeenCalled();
  });

  it("can end with the track instead", () => {
    const one = watch();
    one.setSleep("track");
    expect(one.endsWithTrack).toBe(true);
    now = 10 ** 9;
    one.look();
    expect(acts.pause).not.toHaveBeenCalled();
  });
});

describe("a loop", () => {
  it("is marked, turned and let go by one key", () => {
    const first = nextLoop(null, 1000, 60_000);
    expect(first).toEqual({ a: 1000, b: null });
    const whole = nextLoop(first, 9000, 60_000);
    expect(whole).toEqual({ a: 1000, b: 9000 });
    expect(untilTurn(whole, 8500)).toBe(500);
    expect(untilTurn(whole, 9700)).toBe(0);
    expect(untilTurn(whole, 100)).toBeNull();
    expect(nextLoop(whole, 9000, 60_000)).toBeNull();
  });

  it("may be marked backwards, is never shorter than half a second and leaves the track's end alone", () => {
    expect(nextLoop({ a: 9000, b: null }, 1000, 60_000)).toEqual({ a: 1000, b: 9000 });
    expect(nextLoop({ a: 9000, b: null }, 9100, 60_000)).toEqual({ a: 9000, b: 9500 });
    expect(nextLoop({ a: 9000, b: null }, 60_000, 60_000)?.b).toBeLessThan(60_000);
  });

  it("turns at its moment, sooner at a higher speed", () => {
    vi.useFakeTimers();
    playerStore.setState({ loop: { a: 1000, b: 9000 } });
    const one = watch();
    position = 8600;
    one.look();
    vi.advanceTimersByTime(199);
    expect(acts.turn).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(acts.turn).toHaveBeenCalledWith(1000);
    vi.useRealTimers();
  });
});
