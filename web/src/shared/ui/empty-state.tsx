import type { ReactNode } from "react";
import { cx } from "@/shared/lib/class-names";

type EmptyStateProps = {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** `h1` where nothing else names the page. */
  heading?: "h1" | "h2";
  className?: string;
};

/** What stands where nothing is yet: what belongs here, and the next step. */
export function EmptyState({ icon, title, children, actions, className, heading: Heading = "h2" }: EmptyStateProps) {
  return (
    <div className={cx("mx-auto flex max-w-md flex-col items-center gap-4 px-4 py-16 text-center", className)}>
      {icon ? (
        <div
          aria-hidden
          className="grid size-20 place-items-center rounded-full bg-accent-soft text-accent-text [&>svg]:size-9"
        >
          {icon}
        </div>
      ) : null}
      <Heading className="display text-xl">{title}</Heading>
      {children ? <div className="text-muted">{children}</div> : null}
      {actions ? <div className="flex flex-wrap justify-center gap-3 pt-2">{actions}</div> : null}
    </div>
  );
}
