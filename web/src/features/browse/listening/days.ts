/** What happened, day by day, as it follows; `at` tells when, and `timeZone` where the days begin. */
export function byDay<T>(
  items: readonly T[],
  at: (item: T) => string,
  timeZone?: string,
): { day: string; items: T[] }[] {
  const dayOf = new Intl.DateTimeFormat("en-CA", { dateStyle: "short", timeZone });
  const days: { day: string; items: T[] }[] = [];
  for (const item of items) {
    const day = dayOf.format(new Date(at(item)));
    const last = days.at(-1);
    if (last?.day === day) last.items.push(item);
    else days.push({ day, items: [item] });
  }
  return days;
}
