import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { CloudAlert, Disc3 } from "lucide-react";
import type { ReactNode } from "react";
import { isNotFound } from "@/shared/api/errors";
import { errorText } from "@/shared/lib/error-text";
import { Button, buttonClasses } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { Skeleton } from "@/shared/ui/progress";

/** A query that failed: gone, or worth another try. */
export function Failed({ error, retry, heading }: { error: unknown; retry: () => void; heading?: "h1" | "h2" }) {
  const { t } = useLingui();
  if (isNotFound(error)) {
    return (
      <EmptyState
        heading={heading ?? "h2"}
        icon={<Disc3 />}
        title={t`This is not here`}
        actions={
          <Link to="/" className={buttonClasses("primary")}>
            {t`Go home`}
          </Link>
        }
      >
        {t`It may have been taken down, or not be published yet.`}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      heading={heading ?? "h2"}
      icon={<CloudAlert />}
      title={t`This did not load`}
      actions={<Button variant="primary" onPress={retry}>{t`Try again`}</Button>}
    >
      {errorText(error)}
    </EmptyState>
  );
}

/** Says to screen readers that something loads, and keeps the place of what will come. */
export function Loading({ children }: { children: ReactNode }) {
  const { t } = useLingui();
  return (
    <div role="status" aria-busy="true">
      <span className="sr-only">{t`Loading`}</span>
      {children}
    </div>
  );
}

export function RowsSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <div className="flex flex-col gap-2">
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} className="h-14" />
      ))}
    </div>
  );
}

export function CardsSkeleton({ cards = 6, round = false }: { cards?: number; round?: boolean }) {
  return (
    <div className="grid grid-cols-2 gap-6 sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-6">
      {Array.from({ length: cards }, (_, index) => (
        <div key={index} className="flex flex-col gap-3">
          <Skeleton className={round ? "aspect-square rounded-full" : "aspect-square"} />
          <Skeleton className="h-4 w-3/4" />
        </div>
      ))}
    </div>
  );
}

export function HeaderSkeleton({ round = false }: { round?: boolean }) {
  return (
    <div className="flex flex-col gap-8 px-4 pt-10 sm:flex-row sm:items-end sm:px-8">
      <Skeleton className={round ? "size-48 rounded-full lg:size-56" : "size-48 lg:size-60"} />
      <div className="flex flex-1 flex-col gap-4">
        <Skeleton className="h-4 w-24" />
        <Skeleton className="h-14 w-2/3" />
        <Skeleton className="h-4 w-48" />
      </div>
    </div>
  );
}
