import { i18n } from "@lingui/core";

const MS_PER_SECOND = 1000;

function whole(ms: number): { hours: number; minutes: number; seconds: number } {
  const all = Math.max(0, Math.round(ms / MS_PER_SECOND));
  return { hours: Math.floor(all / 3600), minutes: Math.floor((all % 3600) / 60), seconds: all % 60 };
}

/** A position or the length of a track: `3:07`, `1:02:45`. Digits of the language. */
export function clockTime(ms: number): string {
  const { hours, minutes, seconds } = whole(ms);
  const two = new Intl.NumberFormat(i18n.locale, { minimumIntegerDigits: 2, useGrouping: false });
  const one = new Intl.NumberFormat(i18n.locale, { useGrouping: false });
  const tail = two.format(seconds);
  return hours > 0 ? `${one.format(hours)}:${two.format(minutes)}:${tail}` : `${one.format(minutes)}:${tail}`;
}

/** A length in words: `42 min`, `1 hr, 3 min`; below a minute in seconds. */
export function spokenLength(ms: number, width: "short" | "long" = "short"): string {
  const { hours, minutes, seconds } = whole(ms);
  const unit = (value: number, name: "hour" | "minute" | "second"): string =>
    new Intl.NumberFormat(i18n.locale, { style: "unit", unit: name, unitDisplay: width }).format(value);
  const parts = [];
  if (hours > 0) parts.push(unit(hours, "hour"));
  if (minutes > 0) parts.push(unit(minutes, "minute"));
  if (hours === 0 && (minutes === 0 || width === "long") && seconds > 0) parts.push(unit(seconds, "second"));
  return parts.length === 0
    ? unit(0, "second")
    : new Intl.ListFormat(i18n.locale, { style: width === "long" ? "long" : "narrow", type: "unit" }).format(parts);
}

export function longDate(iso: string): string {
  // A release date has no time of day: read as UTC, it stays the same day everywhere.
  const dateOnly = /^\d{4}-\d{2}-\d{2}$/.test(iso);
  return new Intl.DateTimeFormat(i18n.locale, { dateStyle: "long", timeZone: dateOnly ? "UTC" : undefined }).format(
    new Date(iso),
  );
}

/** A release date as exactly as it is known: a year, a month, or the day. */
export function preciseDate(iso: string, precision: "year" | "month" | "day"): string {
  if (precision === "day") return longDate(iso);
  const month = precision === "month" ? ({ month: "long" } as const) : {};
  return new Intl.DateTimeFormat(i18n.locale, { year: "numeric", ...month, timeZone: "UTC" }).format(new Date(iso));
}

export function dateAndTime(iso: string): string {
  return new Intl.DateTimeFormat(i18n.locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}

export function timeOfDay(iso: string): string {
  return new Intl.DateTimeFormat(i18n.locale, { timeStyle: "short" }).format(new Date(iso));
}

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
];

/** How long ago: `3 hours ago`, `yesterday`; after a month the day itself. */
export function ago(iso: string, now: number = Date.now()): string {
  const passed = Math.max(0, now - Date.parse(iso));
  if (passed > 30 * 86_400_000) return longDate(iso);
  const words = new Intl.RelativeTimeFormat(i18n.locale, { numeric: "auto" });
  const step = STEPS.find(([, size]) => passed >= size);
  return step ? words.format(-Math.floor(passed / step[1]), step[0]) : words.format(0, "second");
}

export function year(iso: string): string {
  return new Intl.DateTimeFormat(i18n.locale, { year: "numeric", timeZone: "UTC" }).format(new Date(iso));
}

export const count = (value: number): string => new Intl.NumberFormat(i18n.locale).format(value);

export const compactCount = (value: number): string =>
  new Intl.NumberFormat(i18n.locale, { notation: "compact", maximumFractionDigits: 1 }).format(value);

export const decimal = (value: number, digits = 1): string =>
  new Intl.NumberFormat(i18n.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value);

/** With its sign, for changes: `+3.5`, `−2`, `0`. */
export const signedDecimal = (value: number): string =>
  new Intl.NumberFormat(i18n.locale, { signDisplay: "exceptZero", maximumFractionDigits: 1 }).format(value);

const BYTE_UNITS = ["byte", "kilobyte", "megabyte", "gigabyte", "terabyte"] as const;

/** Bytes in decimal units: `41.2 MB`. */
export function byteSize(bytes: number): string {
  const step = bytes < 1000 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  return new Intl.NumberFormat(i18n.locale, {
    style: "unit",
    unit: BYTE_UNITS[step],
    unitDisplay: "short",
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(bytes / 1000 ** step);
}

/** A language by the name that the reader's has for it; its code where there is none. */
export function languageName(code: string): string {
  try {
    return new Intl.DisplayNames(i18n.locale, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}
