import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Contribution } from "./groups";

export type Fact = readonly [name: string, value: ReactNode] | null | false;

/** Names and values in two columns, with a line between; what is null is left out. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl className="flex flex-col">
      {facts
        .filter((fact) => fact !== null && fact !== false)
        .map(([name, value]) => (
          <div key={name} className="flex justify-between gap-6 border-t border-line py-2.5">
            <dt className="shrink-0 text-muted">{name}</dt>
            <dd className="numbers min-w-0 text-end font-semibold [overflow-wrap:anywhere]">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

export function FactSection({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col gap-4">
      <h2 className="display text-xl">{title}</h2>
      {children}
    </section>
  );
}

/** What people do on a recording. Roles that are not here are shown as whoever wrote them did. */
function useRoles(): Record<string, string> {
  const { t } = useLingui();
  return {
    artist: t`Artist`,
    composer: t`Composer`,
    lyricist: t`Lyricist`,
    writer: t`Writer`,
    author: t`Author`,
    producer: t`Producer`,
    performer: t`Performer`,
    arranger: t`Arranger`,
    conductor: t`Conductor`,
    orchestra: t`Orchestra`,
    choir: t`Choir`,
    remixer: t`Remixer`,
    djmixer: t`DJ mix`,
    director: t`Director`,
    engineer: t`Engineer`,
    mixer: t`Mixing engineer`,
    "mixing engineer": t`Mixing engineer`,
    "mastering engineer": t`Mastering engineer`,
    vocals: t`Vocals`,
    guitar: t`Guitar`,
    bass: t`Bass`,
    drums: t`Drums`,
    piano: t`Piano`,
    keyboards: t`Keyboards`,
    strings: t`Strings`,
  };
}

const MANY = 12;

export function Contributions({ people, label }: { people: readonly Contribution[]; label: string }) {
  const { t } = useLingui();
  const roles = useRoles();
  const row = ({ name, artistId, roles: given }: Contribution) => (
    <li key={artistId ?? name} className="flex justify-between gap-6 border-t border-line py-2.5">
      <span className="font-semibold" dir="auto">
        {artistId ? (
          <Link to="/artists/$artistId" params={{ artistId }} className="rounded-sm hover:underline">
            {name}
          </Link>
        ) : (
          name
        )}
      </span>
      <span className="text-end text-muted">{given.map((role) => roles[role.toLowerCase()] ?? role).join(", ")}</span>
    </li>
  );
  const rest = people.slice(MANY);
  return (
    <>
      <ul aria-label={label} className="flex flex-col">
        {people.slice(0, MANY).map(row)}
      </ul>
      {rest.length > 0 ? (
        <details>
          <summary className="min-h-11 cursor-pointer content-center rounded-sm font-semibold">{t`Show all`}</summary>
          <ul aria-label={label}>{rest.map(row)}</ul>
        </details>
      ) : null}
    </>
  );
}
