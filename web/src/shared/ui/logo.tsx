/** The mark: a podatus, two square notes on one stem. The lower voice calls, the upper one answers. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden fill="none">
      <path d="M18.5 9v14" stroke="currentColor" strokeWidth="2.5" />
      <rect
        x="6"
        y="18"
        width="11"
        height="9"
        rx="1.5"
        className="fill-second"
        transform="skewY(-4)"
        style={{ transformOrigin: "11px 22px" }}
      />
      <rect
        x="16"
        y="5"
        width="11"
        height="9"
        rx="1.5"
        className="fill-accent"
        transform="skewY(-4)"
        style={{ transformOrigin: "21px 9px" }}
      />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className="inline-flex items-center gap-2.5" dir="ltr">
      <Mark className="size-9" />
      <span className="display text-lg tracking-tight">Antiphon</span>
    </span>
  );
}
