import { useState } from "react";
import { cx } from "@/shared/lib/class-names";

type SliderProps = {
  label: string;
  value: number;
  min?: number;
  max: number;
  step?: number;
  /** While the thumb moves. */
  onChange?: (value: number) => void;
  /** Once the thumb is let go, or a key is released. */
  onCommit?: (value: number) => void;
  /** What a screen reader says instead of the number. */
  valueText?: (value: number) => string;
  /** How much of the way is ready (buffered), 0–1. */
  ready?: number;
  className?: string;
};

/** A native range under a drawn track: keyboard, touch, right-to-left and screen readers come from the browser. */
export function Slider({
  label,
  value,
  min = 0,
  max,
  step = 1,
  onChange,
  onCommit,
  valueText,
  ready,
  className,
}: SliderProps) {
  const [held, setHeld] = useState<number | null>(null);
  const shown = held ?? value;
  const share = max > min ? Math.min(1, Math.max(0, (shown - min) / (max - min))) : 0;
  const commit = () => {
    if (held === null) return;
    onCommit?.(held);
    setHeld(null);
  };
  return (
    <div className={cx("group relative flex h-6 items-center pointer-coarse:h-11", className ?? "w-full")}>
      <input
        type="range"
        aria-label={label}
        min={min}
        max={max}
        step={step}
        value={shown}
        aria-valuetext={valueText?.(shown)}
        onChange={(event) => {
          const next = Number(event.target.value);
          if (onCommit) setHeld(next);
          onChange?.(next);
        }}
        onPointerUp={commit}
        onKeyUp={commit}
        onBlur={commit}
        className="range peer absolute inset-0 z-10 size-full cursor-pointer opacity-0"
      />
      <span aria-hidden className="h-1 w-full overflow-hidden rounded-full bg-line-strong/45">
        {ready === undefined ? null : (
          <span className="block h-full bg-line-strong" style={{ inlineSize: `${Math.min(1, ready) * 100}%` }} />
        )}
      </span>
      <span
        aria-hidden
        className="absolute start-0 h-1 rounded-full bg-ink group-hover:bg-accent"
        style={{ inlineSize: `${share * 100}%` }}
      />
      <span
        aria-hidden
        className={cx(
          "absolute -ms-2 size-4 rounded-full bg-ink opacity-0 transition-opacity group-hover:opacity-100 pointer-coarse:opacity-100",
          "peer-focus-visible:opacity-100 peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-focus",
        )}
        style={{ insetInlineStart: `${share * 100}%` }}
      />
    </div>
  );
}
