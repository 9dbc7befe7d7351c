import { Slider as AriaSlider, SliderFill, SliderThumb, SliderTrack } from "react-aria-components/Slider";
import { cx } from "@/shared/lib/class-names";

type SliderProps = {
  label: string;
  value: number;
  min?: number;
  max: number;
  step?: number;
  onChange: (value: number) => void;
  onChangeEnd?: (value: number) => void;
  /** What a screen reader says instead of the number. */
  valueText?: string;
  /** How much of the way is ready (buffered), 0–1. */
  ready?: number;
  className?: string;
};

export function Slider({
  label,
  value,
  min = 0,
  max,
  step = 1,
  onChange,
  onChangeEnd,
  valueText,
  ready,
  className,
}: SliderProps) {
  return (
    <AriaSlider
      aria-label={label}
      value={value}
      minValue={min}
      maxValue={Math.max(max, min + step)}
      step={step}
      onChange={onChange}
      onChangeEnd={(end) => onChangeEnd?.(end)}
      className={cx("group", className ?? "w-full")}
    >
      <SliderTrack className="relative flex h-6 w-full cursor-pointer items-center">
        <span aria-hidden className="absolute inset-x-0 h-1 overflow-hidden rounded-full bg-line-strong/45">
          {ready === undefined ? null : (
            <span
              className="absolute inset-y-0 start-0 bg-line-strong"
              style={{ inlineSize: `${Math.min(1, ready) * 100}%` }}
            />
          )}
        </span>
        <SliderFill className="h-1 rounded-full bg-ink group-hover:bg-accent" />
        <SliderThumb
          className="top-1/2 size-3.5 rounded-full bg-ink opacity-0 transition-opacity group-hover:opacity-100 data-[dragging]:opacity-100 data-[focus-visible]:opacity-100 pointer-coarse:opacity-100"
          {...(valueText ? { "aria-valuetext": valueText } : {})}
        />
      </SliderTrack>
    </AriaSlider>
  );
}
