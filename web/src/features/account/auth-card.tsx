import type { ReactNode } from "react";
import { Mark } from "@/shared/ui/logo";

export function AuthCard({
  title,
  intro,
  children,
  footer,
}: {
  title: string;
  intro?: string;
  children: ReactNode;
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
      {footer ? <p className="border-t border-line pt-6 text-sm text-muted">{footer}</p> : null}
    </div>
  );
}

export function FormError({ children }: { children: string | null }) {
  return (
    <div role="alert">
      {children ? (
        <p className="rounded-md bg-danger-soft px-4 py-3 text-sm font-medium text-danger">{children}</p>
      ) : null}
    </div>
  );
}
