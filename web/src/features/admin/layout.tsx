import { useLingui } from "@lingui/react/macro";
import { Link, Outlet } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { type ReactNode, Suspense } from "react";
import { useMe } from "@/shared/api/me";
import { useTitle } from "@/shared/lib/title";
import { EmptyState } from "@/shared/ui/empty-state";
import { Skeleton } from "@/shared/ui/progress";
import { type AdminSection, sectionsFor } from "./sections";

/** Frame of the pages for admins and moderators: their menu, and what everybody else sees. */
export function AdminLayout() {
  const { t } = useLingui();
  const me = useMe();
  if (!me) return <PageSkeleton />;
  const own = sectionsFor(me.roles);
  if (own.length === 0) return <NotForYou />;
  return (
    <div className="mx-auto grid w-full max-w-6xl gap-6 px-4 pt-6 sm:px-8 lg:grid-cols-[12rem_minmax(0,1fr)] lg:gap-10">
      <nav aria-label={t`Administration`} className="scroll-row flex gap-1 lg:flex-col lg:pt-12">
        {own.map((section) => (
          <SectionLink key={section.id} section={section} />
        ))}
      </nav>
      <div className="min-w-0 pb-10">
        <Suspense fallback={<PageSkeleton />}>
          <Outlet />
        </Suspense>
      </div>
    </div>
  );
}

function SectionLink({ section }: { section: AdminSection }) {
  const { i18n } = useLingui();
  return (
    <Link
      to="/admin/$section"
      params={{ section: section.id }}
      className="flex min-h-11 items-center gap-3 rounded-md px-3 text-sm font-semibold whitespace-nowrap transition-colors"
      activeProps={{ className: "bg-hover text-ink" }}
      inactiveProps={{ className: "text-muted hover:bg-hover hover:text-ink" }}
    >
      <section.icon aria-hidden className="hidden size-5 sm:block" />
      {i18n._(section.label)}
    </Link>
  );
}

function NotForYou() {
  const { t } = useLingui();
  useTitle(t`Administration`);
  return (
    <EmptyState heading="h1" icon={<Lock />} title={t`This part is for admins`}>
      {t`The people who run this installation look after accounts here.`}
    </EmptyState>
  );
}

export function PageSkeleton() {
  return (
    <div aria-hidden className="flex flex-col gap-5 p-6">
      <Skeleton className="h-9 w-56" />
      <Skeleton className="h-12" />
      <Skeleton className="h-40" />
    </div>
  );
}

/** Heads every page of the administration. */
export function PageTitle({ title, intro, actions }: { title: string; intro?: ReactNode; actions?: ReactNode }) {
  useTitle(title);
  return (
    <header className="flex flex-wrap items-end justify-between gap-4 pb-8">
      <div className="flex min-w-0 flex-col gap-2">
        <h1 className="display text-2xl break-words">
          <bdi>{title}</bdi>
        </h1>
        {intro ? <p className="max-w-2xl text-muted">{intro}</p> : null}
      </div>
      {actions ? <div className="flex flex-wrap gap-3">{actions}</div> : null}
    </header>
  );
}
