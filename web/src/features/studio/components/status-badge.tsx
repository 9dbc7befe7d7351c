import { useLingui } from "@lingui/react/macro";
import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from "lucide-react";
import type { Track } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { useWords } from "./words";

type StatusBadgeProps = { status: Track["status"]; published: boolean; progress: Track["progress"]; complete: boolean };

/** Where a track stands, by sign, colour and word. */
export function StatusBadge({ status, published, progress, complete }: StatusBadgeProps) {
  const { t } = useLingui();
  const words = useWords();
  const percent = Math.round(progress.percent);
  if (status === "failed") return <Badge icon={CircleAlert} tone="bg-danger-soft text-danger" text={t`Failed`} />;
  if (status === "processing") {
    const step = words.step(progress.step);
    return <Badge icon={LoaderCircle} spin tone="bg-warning-soft text-warning" text={t`${step} · ${percent} %`} />;
  }
  if (published) return <Badge icon={CircleCheck} tone="bg-success-soft text-success" text={t`Published`} />;
  if (!complete) return <Badge icon={LoaderCircle} spin tone="bg-hover text-ink" text={t`Draft · still encoding`} />;
  return <Badge icon={CircleDashed} tone="bg-hover text-ink" text={t`Draft`} />;
}

type BadgeProps = { icon: typeof CircleAlert; tone: string; text: string; spin?: boolean };

export function Badge({ icon: Icon, tone, text, spin }: BadgeProps) {
  return (
    <span
      className={cx(
        "inline-flex items-center gap-1.5 rounded-full px-2.5 py-1 text-xs font-semibold whitespace-nowrap",
        tone,
      )}
    >
      <Icon aria-hidden className={cx("size-3.5", spin && "animate-spin")} />
      {text}
    </span>
  );
}
