import { type CSSProperties, useState } from "react";
import { cx } from "@/shared/lib/class-names";
import { usePictureColour } from "@/shared/lib/picture-colour";
import type { Image } from "@/shared/api/types";

type CoverProps = {
  image: Image | null | undefined;
  /** Empty where the title stands beside the picture. */
  alt: string;
  /** CSS widths for the choice of size, as in `<img sizes>`. */
  sizes?: string;
  shape?: "square" | "round";
  eager?: boolean;
  /** Decides the drawing that stands in for a missing picture; the same seed gives the same drawing. */
  seed?: string;
  className?: string;
};

/** The server's word for a picture that nobody has looked at yet. */
const UNSEEN = "#808080";

function hash(text: string): number {
  let value = 2166136261;
  for (const char of text) value = Math.imul(value ^ (char.codePointAt(0) ?? 0), 16777619) >>> 0;
  return value;
}

/** A colour of its own for what has no picture; the same seed gives the same colour. */
export const seedColour = (seed: string): CSSProperties =>
  ({ "--cover": `oklch(0.6 0.13 ${hash(seed) % 360})` }) as CSSProperties;

/** Sets `--cover` for the `tint-*` utilities: the picture's colour, or that of what is drawn in its place. */
export function useCoverColour(image: Image | null | undefined, seed: string): CSSProperties {
  const smallest = image?.color === UNSEEN ? bySize(image)[0]?.[1] : undefined;
  const seen = usePictureColour(smallest ?? null);
  const colour = seen ?? (image && image.color !== UNSEEN ? image.color : null);
  return colour ? ({ "--cover": colour } as CSSProperties) : seedColour(seed);
}

const bySize = (image: Image): [string, string][] =>
  Object.entries(image.sizes).sort(([a], [b]) => Number(a) - Number(b));

const STEPS = 5;

/** Neumes on a staff: a small melody drawn from the seed, for music that has no artwork yet. */
function DrawnCover({ seed, round }: { seed: string; round: boolean }) {
  const value = hash(seed);
  const notes = Array.from({ length: 4 }, (_, index) => (value >>> (index * 5)) % STEPS);
  return (
    <svg viewBox="0 0 100 100" className="size-full" aria-hidden style={seedColour(seed)}>
      <rect width="100" height="100" className="fill-[oklch(from_var(--cover)_var(--tint-l)_min(c,var(--tint-c))_h)]" />
      <g className="tint-vivid" fill="var(--vivid)" stroke="var(--vivid)">
        {[34, 42, 50, 58, 66].map((y) => (
          <line key={y} x1={round ? 14 : 0} x2={round ? 86 : 100} y1={y} y2={y} strokeWidth="0.6" opacity="0.5" />
        ))}
        {notes.map((step, index) => (
          <rect key={index} x={23 + index * 16} y={30 + step * 8} width="8" height="8" rx="0.8" stroke="none" />
        ))}
      </g>
    </svg>
  );
}

export function Cover({ image, alt, sizes = "200px", shape = "square", eager, seed, className }: CoverProps) {
  const classes = cx(
    "relative aspect-square overflow-hidden bg-line",
    shape === "round" ? "rounded-full" : "rounded-md",
    className,
  );
  // What is said to have a picture may turn out to have none.
  const [broken, setBroken] = useState("");
  const widths = image ? bySize(image) : [];
  const [, fallback] = widths.find(([width]) => Number(width) >= 320) ?? widths.at(-1) ?? ["", ""];
  if (!image || broken === fallback) {
    return (
      <div className={classes} {...(alt ? { role: "img", "aria-label": alt } : { "aria-hidden": true })}>
        <DrawnCover seed={seed ?? alt} round={shape === "round"} />
      </div>
    );
  }
  return (
    <div className={classes} style={image.color === UNSEEN ? {} : { backgroundColor: image.color }}>
      <img
        src={fallback}
        srcSet={widths.map(([width, url]) => `${url} ${width}w`).join(", ")}
        sizes={sizes}
        alt={alt}
        loading={eager ? "eager" : "lazy"}
        decoding="async"
        draggable={false}
        onError={() => setBroken(fallback)}
        className="size-full object-cover"
      />
    </div>
  );
}
