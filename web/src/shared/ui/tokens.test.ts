import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync("src/shared/ui/tokens.css", "utf8");
const themes = [...css.matchAll(/\[data-theme="(\w+)"\]\s*\{([^}]*)\}/g)].map(([, name = "", body = ""]) => ({
  name,
  token: (key: string): string => {
    const value = body.match(new RegExp(`--${key}:\\s*([^;]+);`))?.[1];
    if (value === undefined) throw new Error(`${name} has no --${key}`);
    return value;
  },
}));

const linear = (channel: number) => (channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4);

/** Relative luminance of WCAG 2. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Luminance of an OKLCH colour, each channel clipped into sRGB as a browser without gamut mapping would. */
function luminanceOfOklch(l: number, c: number, hue: number): number {
  const a = c * Math.cos((hue * Math.PI) / 180);
  const b = c * Math.sin((hue * Math.PI) / 180);
  const long = (l + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const medium = (l - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const short = (l - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  const red = clip(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short);
  const green = clip(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short);
  const blue = clip(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const ratio = (one: number, other: number) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

const surfaces = ["surface", "surface-sunken", "surface-raised", "surface-overlay", "surface-hover"];
const texts = ["ink", "ink-muted", "ink-faint", "accent-text", "second-text", "danger", "success"];
const pairs: [string, string][] = [
  ["accent-ink", "accent"],
  ["accent-ink", "accent-hover"],
  ["danger-ink", "danger-fill"],
  ["accent-text", "accent-soft"],
  ["ink", "accent-soft"],
  ["ink-muted", "accent-soft"],
  ["danger", "danger-soft"],
  ["success", "success-soft"],
  ["warning", "warning-soft"],
  ["surface", "ink"],
];

test("there are three themes", () => {
  expect(themes.map((theme) => theme.name)).toEqual(["dark", "light", "contrast"]);
});

describe.each(themes)("theme $name", ({ name, token }) => {
  const aa = name === "contrast" ? 7 : 4.5;

  test.each(texts.flatMap((text) => surfaces.map((surface) => [text, surface] as const)))(
    "%s on %s",
    (text, surface) => {
      expect(ratio(luminance(token(text)), luminance(token(surface)))).toBeGreaterThanOrEqual(aa);
    },
  );

  test.each(pairs)("%s on %s", (text, surface) => {
    expect(ratio(luminance(token(text)), luminance(token(surface)))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(surfaces)("edges of controls and the focus ring stand out from %s", (surface) => {
    expect(ratio(luminance(token("line-strong")), luminance(token(surface)))).toBeGreaterThanOrEqual(3);
    expect(ratio(luminance(token("focus")), luminance(token(surface)))).toBeGreaterThanOrEqual(3);
  });

  test("text on the colour of any artwork", () => {
    const [l, c] = [Number(token("tint-l")), Number(token("tint-c"))];
    for (let hue = 0; hue < 360; hue += 3) {
      for (const chroma of [0, c / 2, c]) {
        const background = luminanceOfOklch(l, chroma, hue);
        for (const text of ["ink", "ink-muted"]) {
          expect(
            ratio(luminance(token(text)), background),
            `${text}, hue ${hue}, chroma ${chroma}`,
          ).toBeGreaterThanOrEqual(4.5);
        }
        expect(
          ratio(luminanceOfOklch(Number(token("tint-vivid-l")), Number(token("tint-vivid-c")), hue), background),
        ).toBeGreaterThanOrEqual(3);
      }
    }
  });
});
