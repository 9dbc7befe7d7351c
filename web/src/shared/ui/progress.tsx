import { cx } from "@/shared/lib/class-names";

/** `value` is 0–100; left out it shows that something happens, without saying how far it is. */
export function ProgressBar({
  label,
  value,
  tone = "accent",
}: {
  label: string;
  value?: number;
  tone?: "accent" | "danger" | "success";
}) {
  const known = value === undefined ? undefined : Math.max(0, Math.min(100, value));
  const colour = { accent: "bg-accent", danger: "bg-danger", success: "bg-success" }[tone];
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...(known === undefined ? {} : { "aria-valuenow": Math.round(known) })}
      className="h-1.5 w-full overflow-hidden rounded-full bg-line"
    >
      <div
        className={cx(
          "h-full rounded-full transition-[width]",
          colour,
          known === undefined && "w-full animate-pulse-soft",
        )}
        style={known === undefined ? undefined : { width: `${known}%` }}
      />
    </div>
  );
}

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cx("animate-pulse-soft rounded-md bg-line", className)} />;
}

export function Spinner({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={cx(
        "inline-block size-5 animate-spin rounded-full border-2 border-current border-e-transparent",
        className,
      )}
    />
  );
}
