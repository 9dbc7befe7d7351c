/** The mark: a podatus, two square notes on one stem. The lower voice calls, the upper one answers. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden fill="none">
      <path d="M16 9v13.5" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
      <g transform="translate(9.5 22) skewY(-4) translate(-9.5 -22)">
        <rect x="4" y="17.5" width="11" height="9.5" rx="1.5" className="fill-second" />
      </g>
      <g transform="translate(22.5 9.5) skewY(-4) translate(-22.5 -9.5)">
        <rect x="17" y="5" width="11" height="9.5" rx="1.5" className="fill-accent" />
      </g>
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
