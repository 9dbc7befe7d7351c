export const fieldClasses =
  "min-h-12 w-full rounded-md border border-line-strong bg-raised px-4 text-ink placeholder:text-faint transition-colors " +
  "hover:border-ink-muted focus:outline-2 focus:outline-focus focus:outline-offset-1 data-[invalid]:border-danger disabled:opacity-50";

export const labelClasses = "text-sm font-semibold text-ink";
export const helpClasses = "text-sm text-muted";
export const errorClasses = "text-sm font-medium text-danger";
