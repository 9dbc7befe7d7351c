import { KeyRound } from "lucide-react";
import { cx } from "@/shared/lib/class-names";

/** A neutral sign for a sign-in provider: its name says who it is, and no foreign mark is bent to our colours. */
export function ProviderBadge({ name, icon, className }: { name: string; icon: string; className?: string }) {
  const initial = [...name][0]?.toLocaleUpperCase() ?? "";
  return (
    <span
      aria-hidden
      className={cx(
        "grid size-6 shrink-0 place-items-center rounded-full border border-line-strong/50 text-xs font-bold",
        className,
      )}
    >
      {icon === "key" || !initial ? <KeyRound className="size-3.5" /> : initial}
    </span>
  );
}
