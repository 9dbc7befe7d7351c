type Keyed = { id: string };

/** The list with those of `ids` moved, in their present order, in front of `before`, or to the end. */
export function moved<T extends Keyed>(items: readonly T[], ids: ReadonlySet<string>, before: string | null): T[] {
  const taken = items.filter((item) => ids.has(item.id));
  const rest = items.filter((item) => !ids.has(item.id));
  const at = before === null ? -1 : rest.findIndex((item) => item.id === before);
  return at < 0 ? [...rest, ...taken] : [...rest.slice(0, at), ...taken, ...rest.slice(at)];
}

/** The first that follows `after` and is not moved itself: in front of it lies the place behind `after`. */
export function following<T extends Keyed>(
  items: readonly T[],
  ids: ReadonlySet<string>,
  after: string,
): string | null {
  const at = items.findIndex((item) => item.id === after);
  return items.slice(at + 1).find((item) => !ids.has(item.id))?.id ?? null;
}
