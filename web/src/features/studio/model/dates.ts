/** Dates that are known to the year, the month or the day. The server keeps a whole date and how much of it is known. */
export type Precision = "year" | "month" | "day";
export type KnownDate = { date: string | null; precision: Precision };

const two = (value: number): string => String(value).padStart(2, "0");

export const yearOf = (date: string | null): number | null => (date ? Number(date.slice(0, 4)) : null);
export const monthOf = (date: string | null): number => (date ? Number(date.slice(5, 7)) : 1);

/** The first day of what is known. */
export function dateOf(year: number | null, month = 1): string | null {
  return year === null || year < 1 ? null : `${String(year).padStart(4, "0")}-${two(month)}-01`;
}

/** What is no longer known is not kept by accident. */
export function asKnown(date: string | null, precision: Precision): KnownDate {
  if (date === null || precision === "day") return { date, precision };
  return { date: dateOf(yearOf(date), precision === "month" ? monthOf(date) : 1), precision };
}

/** A moment as the browser's field for date and time writes it, in the time zone of this device. */
export function localMoment(iso: string): string {
  const at = new Date(iso);
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The same moment for the server; null for what is none. */
export function momentOf(local: string): string | null {
  const at = new Date(local);
  return local === "" || Number.isNaN(at.getTime()) ? null : at.toISOString();
}
