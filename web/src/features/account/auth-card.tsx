import { Info } from "lucide-react";
import type { ReactNode } from "react";
import { Mark } from "@/shared/ui/logo";

export function AuthCard({
  title,
  intro,
  children,
  footer,
}: {
  title: string;
  intro?: ReactNode;
  children?: ReactNode;
  footer?: ReactNode;
}) {
  return (
    <div className="mx-auto flex w-full max-w-md flex-col gap-8 px-5 pt-8 pb-12 sm:pt-16">
      <div className="flex flex-col gap-3">
        <Mark className="size-14" />
        <h1 className="display text-2xl">{title}</h1>
        {intro ? <p className="text-muted">{intro}</p> : null}
      </div>
      {children}
      {footer ? <div className="border-t border-line pt-6 text-sm text-muted">{footer}</div> : null}
    </div>
  );
}

export function FormError({ children }: { children: string | null }) {
  return (
    <div role="alert" className="empty:hidden">
      {children ? (
        <p className="rounded-md bg-danger-soft px-4 py-3 text-sm font-medium text-danger">{children}</p>
      ) : null}
    </div>
  );
}

/** Something to know before one goes on. */
export function Note({ children }: { children: ReactNode }) {
  return (
    <p
      role="status"
      className="flex items-start gap-3 rounded-md bg-warning-soft px-4 py-3 text-sm font-medium text-ink"
    >
      <Info aria-hidden className="size-5 shrink-0 text-warning" />
      {children}
    </p>
  );
}

/** Between the password and the other ways in; not there when the list after it is empty. */
export function Or({ children }: { children: string }) {
  return (
    <div className="flex items-center gap-4 text-sm text-muted has-[+:empty]:hidden">
      <span className="h-px flex-1 bg-line" />
      {children}
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}
