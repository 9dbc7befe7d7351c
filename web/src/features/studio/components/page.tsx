import { useLingui } from "@lingui/react/macro";
import { Link, type LinkProps } from "@tanstack/react-router";
import { ArrowLeft, CloudAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useTitle } from "@/shared/lib/title";
import { Button } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { Skeleton } from "@/shared/ui/progress";
import { useWords } from "./words";

type PageProps = {
  title: string;
  /** Shown above the title: the way up. */
  back?: { to: NonNullable<LinkProps["to"]>; label: string };
  intro?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
};

export function StudioPage({ title, back, intro, actions, children }: PageProps) {
  useTitle(title);
  return (
    <div className="mx-auto flex w-full max-w-5xl flex-col gap-8 px-4 pt-6 sm:px-8 sm:pt-10">
      <header className="flex flex-col gap-2">
        {back ? (
          <Link
            to={back.to}
            className="flex min-h-11 items-center gap-2 self-start rounded-md text-sm font-semibold text-muted hover:text-ink"
          >
            <ArrowLeft aria-hidden className="flip-rtl size-4" />
            {back.label}
          </Link>
        ) : null}
        <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
          <div className="flex min-w-0 flex-col gap-2">
            <h1 className="display text-2xl break-words">
              <bdi>{title}</bdi>
            </h1>
            {intro ? <p className="max-w-2xl text-muted">{intro}</p> : null}
          </div>
          {actions ? <div className="flex flex-wrap gap-3">{actions}</div> : null}
        </div>
      </header>
      {children}
    </div>
  );
}

/** A block of a form or page. */
export function Panel({ title, hint, children }: { title: string; hint?: ReactNode; children: ReactNode }) {
  return (
    <section className="flex flex-col gap-5 rounded-lg border border-line bg-raised p-5 sm:p-7">
      <div className="flex flex-col gap-1">
        <h2 className="display text-lg">{title}</h2>
        {hint ? <p className="text-sm text-muted">{hint}</p> : null}
      </div>
      {children}
    </section>
  );
}

export function RowsSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div className="flex flex-col gap-3" aria-hidden>
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex items-center gap-4 py-1">
          <Skeleton className="size-14" />
          <div className="flex flex-1 flex-col gap-2">
            <Skeleton className="h-4 w-1/2" />
            <Skeleton className="h-3 w-1/3" />
          </div>
        </div>
      ))}
    </div>
  );
}

export function FormSkeleton() {
  return (
    <div className="mx-auto grid w-full max-w-5xl gap-8 px-4 pt-10 sm:px-8 md:grid-cols-[16rem_1fr]" aria-hidden>
      <Skeleton className="aspect-square w-full max-w-64" />
      <div className="flex flex-col gap-5">
        {Array.from({ length: 6 }, (_, row) => (
          <Skeleton key={row} className="h-12" />
        ))}
      </div>
    </div>
  );
}

export function LoadFailed({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useLingui();
  const words = useWords();
  return (
    <EmptyState
      icon={<CloudAlert />}
      title={t`This could not be loaded`}
      actions={<Button onPress={retry}>{t`Try again`}</Button>}
    >
      {words.failure(error)}
    </EmptyState>
  );
}
