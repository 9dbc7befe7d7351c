import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { BadgeCheck } from "lucide-react";
import type { User } from "@/shared/api/types";
import { useTitle } from "@/shared/lib/title";
import { Cover, useCoverColour } from "@/shared/ui/cover";
import { PageHeader, Section } from "@/features/browse/components/page";
import { Failed, HeaderSkeleton, Loading } from "@/features/browse/components/states";
import { PlaylistPages } from "./playlist-pages";
import { personQuery, playlistsOfQuery } from "./queries";

/** What somebody shows to everybody: who they are, and their public playlists. */
export function PersonPage() {
  const { personId } = useParams({ from: "/people/$personId" });
  const person = useQuery(personQuery(personId));
  useTitle(person.data?.display_name);
  if (person.data) return <Profile key={person.data.id} person={person.data} />;
  if (person.isError) return <Failed heading="h1" error={person.error} retry={() => void person.refetch()} />;
  return (
    <Loading>
      <HeaderSkeleton />
    </Loading>
  );
}

function Profile({ person }: { person: User }) {
  const { t } = useLingui();
  const colour = useCoverColour(person.avatar, person.id);
  return (
    <article>
      <PageHeader
        style={colour}
        picture={
          <Cover
            image={person.avatar}
            alt=""
            seed={person.id}
            shape="round"
            sizes="192px"
            eager
            className="size-36 shrink-0 shadow-lift sm:size-48"
          />
        }
        eyebrow={
          <span className="flex items-center gap-1.5">
            <bdi dir="ltr">@{person.handle}</bdi>
            {person.verified ? (
              <>
                <BadgeCheck aria-hidden className="size-4 text-accent-text" />
                <span className="sr-only">{t`Verified`}</span>
              </>
            ) : null}
          </span>
        }
        title={person.display_name}
      >
        {person.bio ? (
          <p className="max-w-prose break-words whitespace-pre-line text-muted" dir="auto">
            {person.bio}
          </p>
        ) : null}
        {person.links.length > 0 ? (
          <ul className="flex flex-wrap gap-x-5">
            {person.links.map((link) => (
              <li key={link}>
                <a
                  href={link}
                  rel="me nofollow noopener noreferrer"
                  target="_blank"
                  dir="ltr"
                  className="inline-flex min-h-11 items-center rounded-sm text-sm break-all text-accent-text underline underline-offset-4"
                >
                  {link.replace(/^https?:\/\//, "").replace(/\/$/, "")}
                </a>
              </li>
            ))}
          </ul>
        ) : null}
      </PageHeader>
      <Section title={t`Playlists`} className="pb-8">
        <Shown person={person} />
      </Section>
    </article>
  );
}

function Shown({ person }: { person: User }) {
  const { t } = useLingui();
  const name = person.display_name;
  const empty = { title: t`No public playlists`, words: t`${name} shares none with everybody at present.` };
  return <PlaylistPages query={useInfiniteQuery(playlistsOfQuery(person.id))} withOwner={false} empty={empty} />;
}
