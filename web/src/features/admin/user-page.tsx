import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { Account } from "@/shared/api/types";
import { AuditList } from "@/shared/audit/audit-list";
import { isNotFound } from "@/shared/api/errors";
import { errorText } from "@/shared/lib/error-text";
import { dateAndTime, longDate } from "@/shared/lib/format";
import { isLocale, LOCALE_NAMES } from "@/shared/lib/i18n";
import { EmptyState } from "@/shared/ui/empty-state";
import { Section } from "@/shared/ui/section";
import { ShowMore } from "@/shared/ui/show-more";
import { PageSkeleton, PageTitle } from "./layout";
import { accountQuery, auditQuery } from "./queries";
import { IdentityBadge } from "./user-badge";
import { EndSessions } from "./user-sessions";
import { Roles } from "./user-roles";
import { Suspension } from "./user-suspension";
import { States } from "./users-page";

/** One person as admins see them, and what can be done about them. */
export function AdminUserPage() {
  const { t } = useLingui();
  const { userId } = useParams({ from: "/admin/users/$userId" });
  const found = useQuery(accountQuery(userId));
  if (found.isPending) return <PageSkeleton />;
  if (found.isError) {
    const title = isNotFound(found.error) ? t`There is nobody here` : t`This person cannot be shown`;
    return (
      <EmptyState heading="h1" title={title}>
        {errorText(found.error)}
      </EmptyState>
    );
  }
  const person = found.data;
  return (
    <>
      <Link
        to="/admin/$section"
        params={{ section: "users" }}
        className="flex min-h-11 items-center gap-2 self-start rounded-md text-sm font-semibold text-muted hover:text-ink"
      >
        <ArrowLeft aria-hidden className="flip-rtl size-4" />
        {t`People`}
      </Link>
      <PageTitle title={person.display_name} intro={<bdi dir="ltr">@{person.handle}</bdi>} />
      <div className="-mt-4 flex flex-wrap gap-2 pb-6 empty:hidden">
        <States person={person} />
      </div>
      <Facts person={person} />
      <Roles person={person} />
      <IdentityBadge person={person} />
      <Suspension person={person} />
      <EndSessions person={person} />
      <Activity person={person} />
    </>
  );
}

function Facts({ person }: { person: Account }) {
  const { t } = useLingui();
  const facts: [string, string][] = [
    [t`Email`, person.email ? `${person.email}${person.email_verified ? "" : ` (${t`not confirmed`})`}` : "–"],
    [t`Here since`, longDate(person.created_at)],
    [t`Language`, isLocale(person.language) ? LOCALE_NAMES[person.language] : person.language],
    ...(person.closes_at ? [[t`Is erased on`, dateAndTime(person.closes_at)] as [string, string]] : []),
  ];
  return (
    <dl className="grid gap-x-12 gap-y-4 border-t border-line py-6 sm:grid-cols-3">
      {facts.map(([name, value]) => (
        <div key={name} className="flex min-w-0 flex-col">
          <dt className="text-sm text-muted">{name}</dt>
          <dd className="font-semibold break-words">
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Activity({ person }: { person: Account }) {
  const { t } = useLingui();
  const audit = useInfiniteQuery(auditQuery(person.id));
  const entries = audit.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={t`Activity`} intro={t`What happened to this account. The person sees the same list.`}>
      {audit.isLoadingError ? <p role="alert">{errorText(audit.error)}</p> : null}
      <AuditList entries={entries} self={person.id} label={t`Activity`} />
      <ShowMore pages={audit} earlier />
    </Section>
  );
}
