import { Plural, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { History, SearchX } from "lucide-react";
import { useEffect, useState } from "react";
import type { SearchResult } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { rememberSearch, setPreferences, usePreferences } from "@/shared/lib/preferences";
import { useTitle } from "@/shared/lib/title";
import { Button, buttonClasses } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { facetsQuery, genresQuery, searchQuery } from "./api/queries";
import { albumChoice, artistChoice, ChooseButton, Choosing, trackChoice, useChoosing } from "./choosing/choosing";
import { AlbumCard, ArtistCard, CardGrid } from "./components/cards";
import { Facets, FoundPeople, Meant, SungLines } from "./components/found";
import { pagePadding, Section } from "./components/page";
import { Failed, Loading, RowsSkeleton } from "./components/states";
import { TrackList } from "./components/track-list";
import { PlaylistCards } from "./playlists/playlist-card";

/** A search is worth remembering when somebody has looked at its results this long. */
const REMEMBER_AFTER_MS = 1_500;

const KINDS = ["artists", "tracks", "albums", "playlists", "people"] as const;
type Kind = "all" | (typeof KINDS)[number];

const countOf = (results: SearchResult) =>
  KINDS.reduce((sum, kind) => sum + results[kind].length, results.lyrics.length);

function Recent() {
  const { t } = useLingui();
  const recent = usePreferences((state) => state.recentSearches);
  const genres = useQuery(genresQuery);
  return (
    <div className="flex flex-col gap-12">
      {recent.length > 0 ? (
        <Section
          title={t`Recent searches`}
          aside={
            <Button size="sm" variant="ghost" onPress={() => setPreferences({ recentSearches: [] })}>
              {t`Clear`}
            </Button>
          }
        >
          <ul className="flex flex-wrap gap-3">
            {recent.map((query) => (
              <li key={query}>
                <Link to="/search" search={{ q: query }} className={buttonClasses("secondary", "md", "max-w-full")}>
                  <History aria-hidden className="size-4 text-muted" />
                  <span className="truncate" dir="auto">
                    {query}
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
      {genres.data && genres.data.items.length > 0 ? (
        <Section title={t`Browse genres`}>
          <ul className="flex flex-wrap gap-3">
            {genres.data.items.slice(0, 20).map((genre) => (
              <li key={genre.id}>
                <Link
                  to="/genres/$genreId"
                  params={{ genreId: genre.id }}
                  className={buttonClasses("secondary")}
                  dir="auto"
                >
                  {genre.name}
                </Link>
              </li>
            ))}
          </ul>
        </Section>
      ) : null}
    </div>
  );
}

function Results({ results, kind }: { results: SearchResult; kind: Kind }) {
  const { t } = useLingui();
  const shows = (one: Kind) => kind === "all" || kind === one;
  const few = kind === "all";
  const choosingArtists = useChoosing("artist");
  const choosingTracks = useChoosing("track");
  const choosingAlbums = useChoosing("album");
  return (
    <div className="flex flex-col gap-12">
      {shows("artists") && results.artists.length > 0 ? (
        <Section title={t`Artists`} aside={<ChooseButton kind="artist" items={results.artists} />}>
          {choosingArtists ? (
            <Choosing label={t`Artists`} kind="artist" items={results.artists.map(artistChoice)} />
          ) : (
            <CardGrid>
              {results.artists.slice(0, few ? 6 : undefined).map((artist) => (
                <ArtistCard key={artist.id} artist={artist} />
              ))}
            </CardGrid>
          )}
        </Section>
      ) : null}
      {shows("tracks") && results.tracks.length > 0 ? (
        <Section title={t`Tracks`} aside={<ChooseButton kind="track" items={results.tracks} />}>
          {choosingTracks ? (
            <Choosing label={t`Tracks`} kind="track" items={results.tracks.map(trackChoice)} />
          ) : (
            <TrackList label={t`Tracks`} tracks={results.tracks.slice(0, few ? 8 : undefined)} showAlbum />
          )}
        </Section>
      ) : null}
      {shows("albums") && results.albums.length > 0 ? (
        <Section title={t`Albums`} aside={<ChooseButton kind="album" items={results.albums} />}>
          {choosingAlbums ? (
            <Choosing label={t`Albums`} kind="album" items={results.albums.map(albumChoice)} />
          ) : (
            <CardGrid>
              {results.albums.slice(0, few ? 6 : undefined).map((album) => (
                <AlbumCard key={album.id} album={album} />
              ))}
            </CardGrid>
          )}
        </Section>
      ) : null}
      {shows("playlists") && results.playlists.length > 0 ? (
        <Section title={t`Playlists`}>
          <PlaylistCards playlists={results.playlists.slice(0, few ? 6 : undefined)} withOwner />
        </Section>
      ) : null}
      {shows("people") && results.people.length > 0 ? (
        <FoundPeople people={results.people.slice(0, few ? 6 : undefined)} />
      ) : null}
      {few && results.lyrics.length > 0 ? <SungLines lines={results.lyrics.slice(0, 5)} /> : null}
    </div>
  );
}

function Filters({ results, kind, choose }: { results: SearchResult; kind: Kind; choose: (kind: Kind) => void }) {
  const { t } = useLingui();
  const labels = {
    all: t`Everything`,
    artists: t`Artists`,
    tracks: t`Tracks`,
    albums: t`Albums`,
    playlists: t`Playlists`,
    people: t`People`,
  };
  const offered: Kind[] = ["all", ...KINDS.filter((one) => results[one].length > 0)];
  return (
    <div
      role="group"
      aria-label={t`Kind of result`}
      className={cx("scroll-row flex gap-2 py-1 sm:flex-wrap sm:overflow-visible", pagePadding)}
    >
      {offered.map((one) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === kind}
          onClick={() => choose(one)}
          className={buttonClasses(
            "secondary",
            "sm",
            cx("shrink-0", one === kind && "border-ink! bg-ink! text-surface!"),
          )}
        >
          {labels[one]}
        </button>
      ))}
    </div>
  );
}

export function SearchPage() {
  const { t } = useLingui();
  const { q = "", ...narrowed } = useSearch({ from: "/search" });
  const search = useQuery(searchQuery(q, narrowed));
  const [kind, setKind] = useState<Kind>("all");
  useTitle(q ? t`${q} – search` : t`Search`);
  const results = q ? search.data : undefined;
  const found = results ? countOf(results) : 0;
  const facets = useQuery(facetsQuery(q, narrowed)).data;
  const isNarrowed = Object.values(narrowed).some(Boolean);

  useEffect(() => {
    if (found === 0 || search.isPlaceholderData) return;
    const timer = window.setTimeout(() => rememberSearch(q), REMEMBER_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [q, found, search.isPlaceholderData]);

  const available = kind === "all" || !results || results[kind].length > 0 ? kind : "all";
  return (
    <div className="flex flex-col gap-8 pt-6">
      <div className={cx("flex flex-col gap-1", pagePadding)}>
        <h1 className="display text-2xl break-words">{q ? t`Results for “${q}”` : t`Search`}</h1>
        <p role="status" className="text-muted">
          {results && !search.isPlaceholderData && found > 0 ? (
            <Plural value={found} one="# result" other="# results" />
          ) : null}
        </p>
      </div>
      {q === "" ? <Recent /> : null}
      {search.isError ? <Failed error={search.error} retry={() => void search.refetch()} /> : null}
      {q !== "" && search.isPending ? (
        <Loading>
          <div className={pagePadding}>
            <RowsSkeleton />
          </div>
        </Loading>
      ) : null}
      {results && found > 0 ? <Meant results={results} /> : null}
      {results ? <Facets q={q} facets={facets} narrowed={narrowed} /> : null}
      {results && found > 0 ? (
        <>
          <Filters results={results} kind={available} choose={setKind} />
          <Results results={results} kind={available} />
        </>
      ) : null}
      {results && found === 0 ? (
        <>
          <EmptyState icon={<SearchX />} title={t`Nothing found`} className="pb-4">
            <p>{t`Check the spelling, try fewer or other words, or look through the genres.`}</p>
            {isNarrowed ? (
              <Link to="/search" search={{ q }} className={buttonClasses("secondary", "md", "mt-4")}>
                {t`Search without narrowing`}
              </Link>
            ) : null}
          </EmptyState>
          <Recent />
        </>
      ) : null}
    </div>
  );
}
