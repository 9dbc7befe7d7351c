import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { albumQuery, artistQuery, genreTreeQuery, trackQuery } from "@/features/studio/keeping/api";
import { findGenre } from "@/features/studio/keeping/model/changes";
import { subjectKind } from "@/features/studio/keeping/model/subject";

const linkClasses = "rounded-sm text-muted hover:text-ink hover:underline";

/** A link to what a page of the keeping is about, by its name. */
export function SubjectLink({ id }: { id: string }) {
  switch (subjectKind(id)) {
    case "artist":
      return <ArtistLink id={id} />;
    case "album":
      return <AlbumLink id={id} />;
    case "track":
      return <TrackLink id={id} />;
    case "genre":
      return <GenreLink id={id} />;
    default:
      return null;
  }
}

function ArtistLink({ id }: { id: string }) {
  const { data } = useQuery(artistQuery(id));
  return (
    <Link to="/artists/$artistId" params={{ artistId: id }} className={linkClasses} dir="auto">
      {data?.name ?? "…"}
    </Link>
  );
}

function AlbumLink({ id }: { id: string }) {
  const { data } = useQuery(albumQuery(id));
  return (
    <Link to="/albums/$albumId" params={{ albumId: id }} className={linkClasses} dir="auto">
      {data?.title ?? "…"}
    </Link>
  );
}

function TrackLink({ id }: { id: string }) {
  const { data } = useQuery(trackQuery(id));
  return (
    <Link to="/tracks/$trackId" params={{ trackId: id }} className={linkClasses} dir="auto">
      {data?.title ?? "…"}
    </Link>
  );
}

function GenreLink({ id }: { id: string }) {
  const { t } = useLingui();
  const { data } = useQuery(genreTreeQuery);
  return (
    <Link to="/genres/$genreId" params={{ genreId: id }} className={linkClasses} dir="auto">
      {(data && findGenre(data, id)?.name) ?? t`Genre`}
    </Link>
  );
}
