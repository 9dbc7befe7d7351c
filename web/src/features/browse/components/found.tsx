import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { BadgeCheck } from "lucide-react";
import type { SearchResult } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { clockTime, count as formatCount } from "@/shared/lib/format";
import { buttonClasses } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import type { Narrowed } from "@/features/browse/api/queries";
import { pagePadding, Section } from "./page";

/** So many values of a facet are shown: the rest is rare. */
const VALUES = 6;

/** Tells when what is shown is not quite what was typed. */
export function Meant({ results }: { results: SearchResult }) {
  const { t } = useLingui();
  const name = results.did_you_mean;
  if (results.reach === "words") return null;
  return (
    <p className={cx("text-muted", pagePadding)}>
      {results.reach === "near" && name ? (
        <Link to="/search" search={{ q: name }} className="underline hover:text-ink">
          {t`Did you mean “${name}”?`}
        </Link>
      ) : null}
      {results.reach === "some" ? t`Nothing has all of these words; these have most of them.` : null}
    </p>
  );
}

type FacetsProps = { q: string; facets: SearchResult["facets"] | undefined; narrowed: Narrowed };

/** What a facet is called, where the API names it, and how a value of it reads. */
function useFacets() {
  const { t } = useLingui();
  const asItIs = (value: string) => value;
  return [
    { name: "genre", counted: "genre", label: t`Genre`, read: asItIs },
    { name: "mood", counted: "mood", label: t`Mood`, read: asItIs },
    { name: "year", counted: "year", label: t`Year`, read: asItIs },
    {
      name: "bpm",
      counted: "bpm",
      label: t`Tempo`,
      read: (value: string) => {
        const [from, to] = [formatCount(Number(value)), formatCount(Number(value) + 9)];
        return t`${from}–${to} BPM`;
      },
    },
    { name: "key", counted: "key", label: t`Musical key`, read: asItIs },
    {
      name: "seconds",
      counted: "duration",
      label: t`Length`,
      read: (value: string) => {
        const [from, to] = [clockTime(Number(value) * 1000), clockTime((Number(value) + 59) * 1000)];
        return t`${from}–${to} min`;
      },
    },
    { name: "format", counted: "format", label: t`File format`, read: asItIs },
  ] as const;
}

/** Values that tracks of the result have, each a link that narrows the search to it, or widens it again. */
export function Facets({ q, facets, narrowed }: FacetsProps) {
  const { t } = useLingui();
  const groups = useFacets().map((group) => ({ ...group, values: (facets?.[group.counted] ?? []).slice(0, VALUES) }));
  const shown = groups.filter((group) => group.values.length > 1 || narrowed[group.name]);
  if (shown.length === 0) return null;
  return (
    <div role="group" aria-label={t`Narrow the search`} className={cx("flex flex-col gap-3", pagePadding)}>
      {shown.map(({ name, label, values, read }) => {
        const chosen = narrowed[name];
        const listed = chosen && !values.some((one) => one.value === chosen) ? [{ value: chosen, count: 0 }] : values;
        return (
          <div
            key={name}
            className="scroll-row -mx-4 flex items-center gap-2 px-4 py-1 sm:mx-0 sm:flex-wrap sm:overflow-visible sm:px-0"
          >
            <span className="shrink-0 text-sm text-muted sm:w-28">{label}</span>
            {listed.map(({ value, count }) => (
              <Link
                key={value}
                to="/search"
                search={{ q, ...narrowed, [name]: value === chosen ? undefined : value }}
                aria-current={value === chosen ? "true" : undefined}
                className={buttonClasses(
                  "secondary",
                  "sm",
                  cx("shrink-0", value === chosen && "border-ink! bg-ink! text-surface!"),
                )}
                dir="auto"
              >
                {read(value)}
                {count > 0 ? <span className="text-muted">{formatCount(count)}</span> : null}
              </Link>
            ))}
          </div>
        );
      })}
    </div>
  );
}

/** Lines of lyrics; each tells its song, and when it is sung. */
export function SungLines({ lines }: { lines: SearchResult["lyrics"] }) {
  const { t } = useLingui();
  return (
    <Section title={t`In lyrics`}>
      <ul className="flex flex-col gap-1">
        {lines.map((line) => (
          <li key={`${line.track.id}-${String(line.start_ms)}-${line.text}`}>
            <Link
              to="/tracks/$trackId"
              params={{ trackId: line.track.id }}
              className="flex min-h-11 flex-wrap items-baseline gap-x-4 rounded-md px-3 py-2 hover:bg-raised"
            >
              <span dir="auto">{line.text}</span>
              <span className="text-sm text-muted" dir="auto">
                {line.track.title} · {line.track.artist.name}
              </span>
              {line.start_ms === null ? null : (
                <span className="ms-auto text-sm text-muted tabular-nums">{clockTime(line.start_ms)}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** People who show their profile, by name and handle. */
export function FoundPeople({ people }: { people: SearchResult["people"] }) {
  const { t } = useLingui();
  return (
    <Section title={t`People`}>
      <ul aria-label={t`People`} className="grid gap-x-6 gap-y-4 sm:grid-cols-2 xl:grid-cols-3">
        {people.map((person) => (
          <li key={person.id} className="relative flex min-w-0 items-center gap-4 rounded-md">
            <Cover
              image={person.avatar}
              alt=""
              seed={person.id}
              shape="round"
              sizes="56px"
              className="size-14 shrink-0"
            />
            <div className="min-w-0">
              <p className="flex items-center gap-1.5 font-semibold">
                <Link
                  to="/people/$personId"
                  params={{ personId: person.id }}
                  className="truncate rounded-sm after:absolute after:inset-0 hover:underline"
                  dir="auto"
                >
                  {person.display_name}
                </Link>
                {person.verified ? (
                  <>
                    <BadgeCheck aria-hidden className="size-4 shrink-0 text-accent-text" />
                    <span className="sr-only">{t`Verified`}</span>
                  </>
                ) : null}
              </p>
              <p className="truncate text-sm text-muted">
                <bdi>@{person.handle}</bdi>
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
