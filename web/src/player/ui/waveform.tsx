/** The shape of a track as a slider: seen, clicked, dragged, and moved by the keyboard. */
import { useLingui } from "@lingui/react/macro";
import { type KeyboardEvent, type PointerEvent, useCallback, useEffect, useRef, useState } from "react";
import { cx } from "@/shared/lib/class-names";
import { clockTime } from "@/shared/lib/format";
import { type Bar, barsFor, fractionAt } from "./bars";

export type WaveformProps = {
  peaks: readonly number[];
  rms: readonly number[];
  /** 0..1 */
  progress: number;
  durationMs: number;
  /** Fraction of the track, 0..1. Without it the shape is only looked at. */
  onSeek?: (fraction: number) => void;
  /** CSS colour of what has been played; the accent where left out. */
  color?: string;
  label?: string;
  className?: string;
};

const STEP_MS = 5000;
const PAGE = 0.1;

export function Waveform({ peaks, rms, progress, durationMs, onSeek, color, label, className }: WaveformProps) {
  const { t } = useLingui();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [dragged, setDragged] = useState<number | null>(null);
  const [hovered, setHovered] = useState<number | null>(null);
  const shown = clamp(dragged ?? progress);
  useWaveformDrawing(canvas, peaks, rms, shown, hovered, color);

  const style = { color: color ?? "var(--accent)" };
  if (!onSeek) {
    return <canvas ref={canvas} style={style} className={cx("block h-16 w-full", className)} aria-hidden="true" />;
  }

  const at = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return fractionAt(event.clientX, box.left, box.width, getComputedStyle(event.currentTarget).direction === "rtl");
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const rtl = getComputedStyle(event.currentTarget).direction === "rtl";
    const target = keyTarget(event.key, shown, durationMs, rtl);
    if (target === null) return;
    event.preventDefault();
    event.stopPropagation();
    onSeek(clamp(target));
  };
  const elapsed = clockTime(shown * durationMs);
  const whole = clockTime(durationMs);
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label ?? t`Position in the track`}
      aria-valuemin={0}
      aria-valuemax={Math.max(1, Math.round(durationMs / 1000))}
      aria-valuenow={Math.round((shown * durationMs) / 1000)}
      aria-valuetext={t`${elapsed} of ${whole}`}
      className={cx("relative block h-16 w-full cursor-pointer touch-pan-y rounded-sm select-none", className)}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragged(at(event));
      }}
      onPointerMove={(event) => {
        if (dragged !== null) setDragged(at(event));
        setHovered(event.pointerType === "mouse" ? at(event) : null);
      }}
      onPointerUp={(event) => {
        if (dragged === null) return;
        onSeek(clamp(at(event)));
        setDragged(null);
      }}
      onPointerCancel={() => setDragged(null)}
      onPointerLeave={() => setHovered(null)}
    >
      <canvas ref={canvas} style={style} className="block size-full" aria-hidden="true" />
      <HoverTime at={dragged ?? hovered} durationMs={durationMs} />
    </div>
  );
}

function HoverTime({ at, durationMs }: { at: number | null; durationMs: number }) {
  if (at === null || durationMs <= 0) return null;
  return (
    <span
      aria-hidden="true"
      className="numbers pointer-events-none absolute bottom-full z-10 mb-1 -translate-x-1/2 rounded-sm bg-overlay px-1.5 py-0.5 text-xs text-ink shadow-lift rtl:translate-x-1/2"
      style={{ insetInlineStart: `${clamp(at) * 100}%` }}
    >
      {clockTime(clamp(at) * durationMs)}
    </span>
  );
}

function keyTarget(key: string, from: number, durationMs: number, rtl: boolean): number | null {
  const step = durationMs > 0 ? STEP_MS / durationMs : PAGE;
  const forward = rtl ? "ArrowLeft" : "ArrowRight";
  const back = rtl ? "ArrowRight" : "ArrowLeft";
  const targets: Record<string, number> = {
    [forward]: from + step,
    [back]: from - step,
    ArrowUp: from + step,
    ArrowDown: from - step,
    PageUp: from + PAGE,
    PageDown: from - PAGE,
    Home: 0,
    End: 1,
  };
  return targets[key] ?? null;
}

function useWaveformDrawing(
  ref: { current: HTMLCanvasElement | null },
  peaks: readonly number[],
  rms: readonly number[],
  progress: number,
  hovered: number | null,
  color: string | undefined,
): void {
  const drawing = useRef({ peaks, rms, progress, hovered, color, bars: [] as Bar[], width: 0 });
  const draw = useCallback(() => {
    if (ref.current) paint(ref.current, drawing.current);
  }, [ref]);

  useEffect(() => {
    const state = drawing.current;
    if (state.peaks !== peaks || state.rms !== rms) state.width = 0;
    Object.assign(state, { peaks, rms, progress, hovered, color });
    draw();
  }, [draw, peaks, rms, progress, hovered, color]);

  useEffect(() => {
    const canvas = ref.current;
    if (!canvas) return;
    const resized = new ResizeObserver(() => {
      drawing.current.width = 0;
      draw();
    });
    resized.observe(canvas);
    const themed = new MutationObserver(draw);
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme", "dir"] });
    return () => {
      resized.disconnect();
      themed.disconnect();
    };
  }, [ref, draw]);
}

type Drawing = {
  peaks: readonly number[];
  rms: readonly number[];
  progress: number;
  hovered: number | null;
  color: string | undefined;
  bars: Bar[];
  width: number;
};

const BAR = 3;
const GAP = 1;

function paint(canvas: HTMLCanvasElement, drawing: Drawing): void {
  const context = canvas.getContext("2d");
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!context || width === 0 || height === 0) return;
  const scale = window.devicePixelRatio || 1;
  if (drawing.width !== width) {
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    drawing.bars = barsFor(drawing.peaks, drawing.rms, Math.floor((width + GAP) / (BAR + GAP)));
    drawing.width = width;
  }
  const style = getComputedStyle(canvas);
  const rtl = style.direction === "rtl";
  const played = style.color;
  const rest = style.getPropertyValue("--line-strong").trim();
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  drawing.bars.forEach((bar, index) => {
    const x = index * (BAR + GAP);
    const left = rtl ? width - x - BAR : x;
    const done = clamp((drawing.progress * width - x) / BAR);
    const near = drawing.hovered !== null && drawing.hovered * width >= x;
    column(context, left, BAR, bar, height, rest, near ? 0.95 : 0.55);
    if (done > 0) {
      const across = BAR * done;
      column(context, rtl ? left + BAR - across : left, across, bar, height, played, 1);
    }
  });
}

/** A bar as tall as the peak, its louder inside stronger. */
function column(
  context: CanvasRenderingContext2D,
  x: number,
  across: number,
  bar: Bar,
  height: number,
  color: string,
  alpha: number,
): void {
  const middle = height / 2;
  const peak = Math.max(1, (bar.peak * height) / 2);
  const inner = Math.max(1, Math.min(peak, bar.rms * height * 0.7));
  context.fillStyle = color;
  context.globalAlpha = alpha * 0.62;
  context.fillRect(x, middle - peak, across, peak * 2);
  context.globalAlpha = alpha;
  context.fillRect(x, middle - inner, across, inner * 2);
  context.globalAlpha = 1;
}

function clamp(value: number): number {
  return Math.min(1, Math.max(0, value));
}
