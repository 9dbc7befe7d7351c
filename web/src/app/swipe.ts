import { useRef, type TouchEvent } from "react";

/** Pixels of the way down, and how far it may lean to a side. */
const FAR = 90;
const LEANING = 0.6;

type Handlers = { onTouchStart: (event: TouchEvent) => void; onTouchEnd: (event: TouchEvent) => void };

/** One finger drawn down from where nothing is left to scroll, and not on a slider, which is drawn itself. */
export function useSwipeDown(done: () => void): Handlers {
  const from = useRef<{ x: number; y: number } | null>(null);
  return {
    onTouchStart({ touches, target, currentTarget }) {
      const touch = touches[0];
      const held = target instanceof Element && target.closest("input, [role=slider], [data-no-swipe]") !== null;
      const alone = touches.length === 1 && !held && currentTarget.scrollTop === 0;
      from.current = alone && touch ? { x: touch.clientX, y: touch.clientY } : null;
    },
    onTouchEnd({ changedTouches }) {
      const touch = changedTouches[0];
      const began = from.current;
      from.current = null;
      if (!began || !touch) return;
      const down = touch.clientY - began.y;
      if (down > FAR && Math.abs(touch.clientX - began.x) < down * LEANING) done();
    },
  };
}
