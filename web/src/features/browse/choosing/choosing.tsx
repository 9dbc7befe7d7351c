import { Plural, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { lazy, Suspense } from "react";
import { useMe } from "@/shared/api/me";
import type { AlbumCard, AlbumRef, ArtistRef } from "@/shared/api/types";
import { type Chosen, type ChosenKind, beginChoosing, endChoosing, useChosen } from "@/shared/lib/chosen";
import { year } from "@/shared/lib/format";
import { Button, buttonClasses } from "@/shared/ui/button";
import { patient } from "@/shared/ui/patient";
import { RowsSkeleton } from "@/features/browse/components/states";
import type { ChooseListProps } from "./choose-list";

// Few people keep a catalogue: what they choose with is loaded when they begin.
const ChooseList = lazy(patient(() => import("./choose-list").then((module) => ({ default: module.ChooseList }))));

/** What a search finds does not say whose it is. */
type Keepable = { id: string; editable?: boolean };

/** Whether the person may change any of these: as one who manages the artist, or one who runs the installation. */
export function useMayKeep(items: readonly Keepable[]): boolean {
  const roles = useMe()?.roles ?? [];
  const manages = roles.includes("artist") || roles.includes("label");
  return roles.includes("admin") || items.some((item) => item.editable ?? manages);
}

export const useChoosing = (kind: ChosenKind): boolean => useChosen((state) => state.kind === kind);

type TrackLike = { id: string; title: string; artist: ArtistRef; album: AlbumRef | null };
type AlbumLike = Pick<AlbumCard, "id" | "title" | "artist" | "release_date">;

export const trackChoice = ({ id, title, artist, album }: TrackLike): Chosen => ({
  id,
  name: title,
  detail: album ? `${artist.name} · ${album.title}` : artist.name,
});
export const albumChoice = ({ id, title, artist, release_date }: AlbumLike): Chosen => ({
  id,
  name: title,
  detail: release_date ? `${artist.name} · ${year(release_date)}` : artist.name,
});
export const artistChoice = ({ id, name }: ArtistRef): Chosen => ({ id, name, detail: "" });

/** Begins to choose; only for those who may do something with it. */
export function ChooseButton({ kind, items }: { kind: ChosenKind; items: readonly Keepable[] }) {
  const { t } = useLingui();
  const may = useMayKeep(items);
  const on = useChoosing(kind);
  if (!may || on) return null;
  return (
    <Button size="sm" className="self-start" onPress={() => beginChoosing(kind)}>
      <ListChecks aria-hidden className="size-4" />
      {t`Choose several`}
    </Button>
  );
}

/** The list that one chooses from, with what can be done with the chosen. */
export function Choosing(props: ChooseListProps) {
  return (
    <div className="flex flex-col gap-3">
      <Bar kind={props.kind} />
      <Suspense fallback={<RowsSkeleton rows={6} />}>
        <ChooseList {...props} />
      </Suspense>
    </div>
  );
}

function Bar({ kind }: { kind: ChosenKind }) {
  const { t } = useLingui();
  const count = useChosen((state) => state.items.length);
  return (
    <div className="flex min-h-14 flex-wrap items-center justify-between gap-3">
      <p role="status" className="font-semibold">
        {count === 0 ? (
          t`Choose with the mouse or the keys; Shift takes a range, Ctrl+A takes all.`
        ) : (
          <Plural value={count} one="# chosen" other="# chosen" />
        )}
      </p>
      <div className="flex flex-wrap gap-2">
        {count > 0 && kind !== "artist" ? (
          <Link to="/keeping/edit" className={buttonClasses("primary", "sm")}>
            {t`Edit together`}
          </Link>
        ) : null}
        {count > 1 ? (
          <Link to="/keeping/merge" className={buttonClasses("secondary", "sm")}>
            {t`Merge`}
          </Link>
        ) : null}
        <Button size="sm" variant="ghost" onPress={endChoosing}>{t`End choosing`}</Button>
      </div>
    </div>
  );
}
