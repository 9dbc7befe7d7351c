import { useEffect, useLayoutEffect, useRef, useState } from "react";

/** Rows above and below what is seen, so that neither a flick nor the Tab key runs into nothing. */
const SPARE = 6;

type Span = { first: number; last: number };

/** Which rows of a long list stand in the window, while the page is scrolled. Rows are of one height, in pixels. */
export function useWindow(rows: number, height: number) {
  const ref = useRef<HTMLUListElement>(null);
  const [span, setSpan] = useState<Span>({ first: 0, last: SPARE * 3 });
  useLayoutEffect(() => {
    const look = () => {
      const top = ref.current?.getBoundingClientRect().top ?? 0;
      const first = Math.max(0, Math.min(Math.floor(-top / height), rows - 1) - SPARE);
      const last = Math.min(rows, Math.ceil((window.innerHeight - top) / height) + SPARE);
      setSpan((before) => (before.first === first && before.last === last ? before : { first, last }));
    };
    look();
    window.addEventListener("scroll", look, { passive: true });
    window.addEventListener("resize", look);
    return () => {
      window.removeEventListener("scroll", look);
      window.removeEventListener("resize", look);
    };
  }, [rows, height]);
  return { ref, ...span };
}

/** The width that an element has, in pixels; 0 until it is known. */
export function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const watcher = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watcher.observe(box);
    return () => watcher.disconnect();
  }, []);
  return { ref, width };
}
