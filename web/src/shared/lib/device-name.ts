import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";

/** The first that fits: most programs also name those whose pages they want to get. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/Vivaldi\//, "Vivaldi"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/(Headless)?Chrom(e|ium)\/|CriOS\//, "Chrome"],
  [/Version\/[\d.]+.*Safari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/CrOS/, "ChromeOS"],
  [/Windows/, "Windows"],
  [/Macintosh|Mac OS X/, "macOS"],
  [/Linux|X11/, "Linux"],
];
const LONGEST = 40;

const first = (known: readonly (readonly [RegExp, string])[], text: string): string | undefined =>
  known.find(([pattern]) => pattern.test(text))?.[1];

/** A device as its owner knows it again: `Firefox · Windows`; a program that is no browser by its own name. */
export function deviceName(userAgent: string): string {
  const program = first(PROGRAMS, userAgent);
  const system = first(SYSTEMS, userAgent);
  const named = [program, system].filter(Boolean).join(" · ");
  return named || userAgent.split(/[\s/]/)[0]?.slice(0, LONGEST) || i18n._(msg`Unknown device`);
}
