import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import { pagePadding } from "@/features/browse/components/page";
import type { FullArtist } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { buttonClasses } from "@/shared/ui/button";
import { FactSection } from "./facts";

type Membership = FullArtist["members"][number];

/** `2001 – 2009`, `since 2001`, or nothing. */
function useYears(): (membership: Membership) => string {
  const { t } = useLingui();
  return ({ since_year: since, until_year: until }) => {
    if (since && until) return `${since} – ${until}`;
    if (since) return t`since ${since}`;
    return until ? t`until ${until}` : "";
  };
}

function Memberships({ title, of }: { title: string; of: readonly Membership[] }) {
  const years = useYears();
  if (of.length === 0) return null;
  return (
    <FactSection title={title}>
      <ul className="flex flex-col">
        {of.map((one) => (
          <li
            key={`${one.artist.id}-${one.role}-${String(one.since_year)}`}
            className="flex justify-between gap-6 border-t border-line py-2.5"
          >
            <Link
              to="/artists/$artistId"
              params={{ artistId: one.artist.id }}
              className="rounded-sm font-semibold hover:underline"
              dir="auto"
            >
              {one.artist.name}
            </Link>
            <span className="numbers text-end text-muted">{[one.role, years(one)].filter(Boolean).join(" · ")}</span>
          </li>
        ))}
      </ul>
    </FactSection>
  );
}

const host = (url: string): string => {
  try {
    return new URL(url).hostname.replace(/^www\./, "");
  } catch {
    return url;
  }
};

function Links({ artist }: { artist: FullArtist }) {
  const { t } = useLingui();
  if (artist.links.length === 0) return null;
  return (
    <FactSection title={t`Elsewhere`}>
      <ul className="flex flex-wrap gap-2">
        {artist.links.map(({ url, name }) => (
          <li key={url}>
            <a
              href={url}
              target="_blank"
              rel="noreferrer noopener"
              className={buttonClasses("secondary", "sm")}
              dir="auto"
            >
              {name || host(url)}
              <ExternalLink aria-hidden className="size-3.5" />
              <span className="sr-only">{t`(opens elsewhere)`}</span>
            </a>
          </li>
        ))}
      </ul>
    </FactSection>
  );
}

/** Who an artist is: the biography, other names, who belongs to it, where else it is found. */
export function ArtistAbout({ artist }: { artist: FullArtist }) {
  const { t } = useLingui();
  const { bio, aliases, members, member_of, links } = artist;
  if (!bio && aliases.length + members.length + member_of.length + links.length === 0) return null;
  return (
    <div className={cx("grid items-start gap-12 pt-14 md:grid-cols-2 xl:grid-cols-3", pagePadding)}>
      {bio ? (
        <FactSection title={t`About`}>
          <p className="max-w-prose whitespace-pre-line text-muted" dir="auto">
            {bio}
          </p>
        </FactSection>
      ) : null}
      <Memberships title={t`Members`} of={members} />
      <Memberships title={t`Member of`} of={member_of} />
      {aliases.length > 0 ? (
        <FactSection title={t`Also known as`}>
          <ul className="flex flex-col">
            {aliases.map(({ name, language }) => (
              <li
                key={name}
                className="border-t border-line py-2.5 font-semibold"
                lang={language ?? undefined}
                dir="auto"
              >
                {name}
              </li>
            ))}
          </ul>
        </FactSection>
      ) : null}
      <Links artist={artist} />
    </div>
  );
}
