import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Music2 } from "lucide-react";
import { useMe } from "@/shared/api/me";
import type { Discovery } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { useSignedIn } from "@/shared/lib/session";
import { useTitle } from "@/shared/lib/title";
import { buttonClasses } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { Skeleton } from "@/shared/ui/progress";
import { discoverQuery } from "./api/queries";
import { AlbumCard, ArtistCard, CardGrid } from "./components/cards";
import { AlsoFresh, Hero } from "./components/hero";
import { pagePadding, Section } from "./components/page";
import { CardsSkeleton, Failed, Loading } from "./components/states";
import { TrackList } from "./components/track-list";

const BESIDE_HERO = 2;
const ROWS = 10;
const ROW_OF_CARDS = 6;

function useGreeting(): string {
  const { t } = useLingui();
  const me = useMe();
  const hour = new Date().getHours();
  const name = me?.display_name;
  if (!name) return t`Music, and the answer to it`;
  if (hour >= 5 && hour < 12) return t`Good morning, ${name}`;
  if (hour >= 12 && hour < 18) return t`Good afternoon, ${name}`;
  return t`Good evening, ${name}`;
}

function Empty() {
  const { t } = useLingui();
  const signedIn = useSignedIn();
  return (
    <EmptyState
      icon={<Music2 />}
      title={t`Nobody has played here yet`}
      className="pt-24"
      actions={
        signedIn ? (
          <Link to="/studio/upload" className={buttonClasses("primary", "lg")}>
            {t`Upload music`}
          </Link>
        ) : (
          <Link to="/sign-up" className={buttonClasses("primary", "lg")}>
            {t`Create an account`}
          </Link>
        )
      }
    >
      {t`Upload the first track: it is heard here as soon as it is published.`}
    </EmptyState>
  );
}

function Releases({ albums }: { albums: Discovery["fresh_albums"] }) {
  const { t } = useLingui();
  const [first, ...others] = albums;
  if (!first) return null;
  const beside = others.slice(0, BESIDE_HERO);
  const more = others.slice(BESIDE_HERO);
  // Whole rows look finished; what is left over is on the artists' pages.
  const rest = more.slice(0, Math.max(ROW_OF_CARDS, more.length - (more.length % ROW_OF_CARDS)));
  return (
    <>
      <section
        aria-label={t`New releases`}
        className={cx("grid gap-4 sm:gap-6", pagePadding, beside.length > 0 && "xl:grid-cols-[1.7fr_1fr]")}
      >
        <Hero album={first} wide={beside.length === 0} />
        {beside.length > 0 ? (
          <div className="flex flex-col gap-4 sm:gap-6 md:flex-row xl:flex-col">
            {beside.map((album) => (
              <AlsoFresh key={album.id} album={album} />
            ))}
          </div>
        ) : null}
      </section>
      {rest.length > 0 ? (
        <Section title={t`More new releases`}>
          <CardGrid>
            {rest.map((album) => (
              <AlbumCard key={album.id} album={album} />
            ))}
          </CardGrid>
        </Section>
      ) : null}
    </>
  );
}

function Content({ discover }: { discover: Discovery }) {
  const { t } = useLingui();
  const { fresh_albums: albums, fresh_tracks: fresh, popular_tracks: popular, artists } = discover;
  if (albums.length + fresh.length + popular.length + artists.length === 0) return <Empty />;
  const heard = popular.filter((track) => track.stats.plays > 0).slice(0, ROWS);
  return (
    <>
      <Releases albums={albums} />
      {heard.length > 0 ? (
        <Section title={t`Most played`}>
          <TrackList label={t`Most played`} tracks={heard} showPlays={heard.length < 4} columns={heard.length >= 4} />
        </Section>
      ) : null}
      {artists.length > 0 ? (
        <Section title={t`Artists`}>
          <CardGrid>
            {artists.slice(0, ROW_OF_CARDS).map((artist) => (
              <ArtistCard key={artist.id} artist={artist} />
            ))}
          </CardGrid>
        </Section>
      ) : null}
      {fresh.length > 0 ? (
        <Section title={t`Fresh tracks`}>
          <TrackList label={t`Fresh tracks`} tracks={fresh.slice(0, ROWS)} showAlbum />
        </Section>
      ) : null}
    </>
  );
}

export function HomePage() {
  useTitle("");
  const greeting = useGreeting();
  const discover = useQuery(discoverQuery);
  return (
    <div className="flex flex-col gap-12 pt-4">
      <h1 className={cx("display text-2xl", pagePadding)}>{greeting}</h1>
      {discover.data ? (
        <Content discover={discover.data} />
      ) : discover.isError ? (
        <Failed error={discover.error} retry={() => void discover.refetch()} />
      ) : (
        <Loading>
          <div className={cx("flex flex-col gap-12", pagePadding)}>
            <Skeleton className="h-96 rounded-xl" />
            <CardsSkeleton />
          </div>
        </Loading>
      )}
    </div>
  );
}
