import type { ReactNode } from "react";
import { cx } from "@/shared/lib/class-names";

export type BadgeTone = "plain" | "success" | "warning" | "danger" | "accent";

const tones: Record<BadgeTone, string> = {
  plain: "bg-hover text-ink",
  success: "bg-success-soft text-success",
  warning: "bg-warning-soft text-warning",
  danger: "bg-danger-soft text-danger",
  accent: "bg-accent-soft text-accent-text",
};

/** A word or two about the state of something. */
export function Badge({ tone = "plain", children }: { tone?: BadgeTone; children: ReactNode }) {
  return (
    <span className={cx("rounded-full px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap", tones[tone])}>
      {children}
    </span>
  );
}
