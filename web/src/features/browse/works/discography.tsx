import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { AlbumCard, CardGrid } from "@/features/browse/components/cards";
import { Section } from "@/features/browse/components/page";
import type { AlbumCard as AlbumCardData } from "@/shared/api/types";
import { type Pages, ShowMore } from "@/shared/ui/show-more";
import { type Shelf, SHELVES, shelved } from "./groups";
import { appearancesQuery } from "./queries";

/** What an artist released, a shelf for each kind of it. */
export function Discography({ albums, more }: { albums: readonly AlbumCardData[]; more: Pages }) {
  const { t } = useLingui();
  const titles: Record<Shelf, string> = {
    albums: t`Albums`,
    eps: t`EPs and singles`,
    live: t`Live albums`,
    compilations: t`Compilations`,
    others: t`More releases`,
  };
  const shelves = shelved(albums);
  const shown = SHELVES.filter((shelf) => shelves.has(shelf));
  return shown.map((shelf, place) => (
    <Section key={shelf} title={titles[shelf]}>
      <CardGrid>
        {shelves.get(shelf)?.map((album) => (
          <AlbumCard key={album.id} album={album} withArtist={false} />
        ))}
      </CardGrid>
      {place === shown.length - 1 ? <ShowMore pages={more} /> : null}
    </Section>
  ));
}

/** Albums of others on which an artist is heard. */
export function Appearances({ artistId }: { artistId: string }) {
  const { t } = useLingui();
  const found = useInfiniteQuery(appearancesQuery(artistId));
  const albums = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (albums.length === 0) return null;
  return (
    <Section title={t`Appears on`}>
      <CardGrid>
        {albums.map((album) => (
          <AlbumCard key={album.id} album={album} />
        ))}
      </CardGrid>
      <ShowMore pages={found} />
    </Section>
  );
}
