import { Plural, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight, SearchX } from "lucide-react";
import { useState } from "react";
import type { Account } from "@/shared/api/types";
import { roleName } from "@/shared/audit/roles";
import { errorText } from "@/shared/lib/error-text";
import { longDate } from "@/shared/lib/format";
import { Badge } from "@/shared/ui/badge";
import { EmptyState } from "@/shared/ui/empty-state";
import { ShowMore } from "@/shared/ui/show-more";
import { Switch } from "@/shared/ui/switch";
import { TextField } from "@/shared/ui/text-field";
import { PageSkeleton, PageTitle } from "./layout";
import { accountsQuery } from "./queries";
import { useRested } from "./use-rested";

/** Everybody who has an account here. */
export default function UsersPage() {
  const { t } = useLingui();
  const [words, setWords] = useState("");
  const [suspended, setSuspended] = useState(false);
  const rested = useRested(words);
  return (
    <>
      <PageTitle title={t`People`} intro={t`Everybody who has an account here, the newest first.`} />
      <div className="flex flex-wrap items-end gap-x-8 gap-y-4 pb-6">
        <TextField
          label={t`Search for a person`}
          type="search"
          placeholder={t`Name, handle or email`}
          value={words}
          onChange={setWords}
          className="min-w-64 flex-1"
        />
        <Switch label={t`Suspended only`} checked={suspended} onChange={setSuspended} />
      </div>
      <People words={rested} suspended={suspended} />
    </>
  );
}

function People({ words, suspended }: { words: string; suspended: boolean }) {
  const { t } = useLingui();
  const found = useInfiniteQuery(accountsQuery(words, suspended));
  if (found.isPending) return <PageSkeleton />;
  if (found.isLoadingError)
    return <EmptyState title={t`The list cannot be shown`}>{errorText(found.error)}</EmptyState>;
  const people = found.data.pages.flatMap((page) => page.items);
  const count = people.length;
  return (
    <>
      <p role="status" className="sr-only">
        <Plural value={count} one="# person" other="# people" />
      </p>
      {count === 0 ? (
        <EmptyState icon={<SearchX />} title={t`Nobody found`}>
          {t`Try fewer letters, or another part of the name.`}
        </EmptyState>
      ) : (
        <ul aria-label={t`People`} className="flex flex-col">
          {people.map((person) => (
            <Person key={person.id} person={person} />
          ))}
        </ul>
      )}
      <ShowMore pages={found} className="mt-6" />
    </>
  );
}

function Person({ person }: { person: Account }) {
  const { t } = useLingui();
  const since = longDate(person.created_at);
  return (
    <li className="border-t border-line first:border-t-0">
      <Link
        to="/admin/users/$userId"
        params={{ userId: person.id }}
        className="-mx-3 flex items-center gap-4 rounded-md px-3 py-3 transition-colors hover:bg-hover"
      >
        <span className="flex min-w-0 flex-1 flex-col gap-0.5">
          <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <bdi className="font-semibold break-words">{person.display_name}</bdi>
            <bdi dir="ltr" className="text-sm text-muted">
              @{person.handle}
            </bdi>
            <States person={person} />
          </span>
          <span className="text-sm break-words text-muted">
            {person.email ? <bdi>{person.email}</bdi> : t`No email address`}
            {" · "}
            {t`since ${since}`}
          </span>
        </span>
        <ChevronRight aria-hidden className="flip-rtl size-5 shrink-0 text-muted" />
      </Link>
    </li>
  );
}

/** What is out of the ordinary about somebody, in few words. */
export function States({ person }: { person: Account }) {
  const { t } = useLingui();
  return (
    <>
      {person.suspended_at ? <Badge tone="danger">{t`Suspended`}</Badge> : null}
      {person.verified ? <Badge tone="success">{t`Verified`}</Badge> : null}
      {person.closes_at ? <Badge tone="warning">{t`Being deleted`}</Badge> : null}
      {person.roles
        .filter((role) => role !== "fan")
        .map((role) => (
          <Badge key={role} tone={role === "admin" ? "accent" : "plain"}>
            {roleName(role)}
          </Badge>
        ))}
    </>
  );
}
