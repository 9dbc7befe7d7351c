import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { longDate } from "@/shared/lib/format";
import { albumQuery, artistQuery, genreTreeQuery } from "@/features/studio/keeping/api";
import { findGenre, isEmpty, partsOf } from "@/features/studio/keeping/model/changes";

/** A value of a field as a person reads it. */
export function Value({ field, value }: { field: string; value: unknown }) {
  const { t } = useLingui();
  if (field === "territories" && value === null) return <>{t`everywhere`}</>;
  if (isEmpty(value)) return <>{t`nothing`}</>;
  if (typeof value === "boolean") return <>{value ? t`yes` : t`no`}</>;
  if (field === "album_id") return <AlbumTitle id={String(value)} />;
  if (field === "parent_id") return <GenreName id={String(value)} />;
  if (field.endsWith("_date")) return <>{longDate(String(value))}</>;
  const parts = partsOf(field, value);
  if (!parts) return <bdi>{String(value)}</bdi>;
  return (
    <bdi>
      {parts.map((part, index) => ("text" in part ? part.text : <ArtistName key={index} id={part.artistId} />))}
    </bdi>
  );
}

function ArtistName({ id }: { id: string }) {
  const { t } = useLingui();
  const { data, isError } = useQuery(artistQuery(id));
  return <>{isError ? t`an artist who is gone` : (data?.name ?? "…")}</>;
}

function AlbumTitle({ id }: { id: string }) {
  const { t } = useLingui();
  const { data, isError } = useQuery(albumQuery(id));
  return <bdi>{isError ? t`an album that is gone` : (data?.title ?? "…")}</bdi>;
}

function GenreName({ id }: { id: string }) {
  const { t } = useLingui();
  const { data } = useQuery(genreTreeQuery);
  if (!data) return <>…</>;
  return <bdi>{findGenre(data, id)?.name ?? t`a genre that is gone`}</bdi>;
}
