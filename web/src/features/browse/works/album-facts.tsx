import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { pagePadding, Section } from "@/features/browse/components/page";
import type { Album } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { decimal, longDate, preciseDate, spokenLength } from "@/shared/lib/format";
import { Cover } from "@/shared/ui/cover";
import { Contributions, FactSection, Facts } from "./facts";
import { albumContributions } from "./groups";
import { editionsQuery } from "./queries";

/** Other releases of the same album. */
function Editions({ album }: { album: Album }) {
  const { t } = useLingui();
  const editions = useQuery(editionsQuery(album.id)).data ?? [];
  if (editions.length === 0) return null;
  return (
    <Section title={t`Other editions`} className="pt-14">
      <ul className="grid gap-x-8 gap-y-2 md:grid-cols-2">
        {editions.map((one) => (
          <li key={one.id} className="relative -mx-2 flex items-center gap-4 rounded-md p-2 hover:bg-hover">
            <Cover image={one.cover} alt="" seed={one.id} sizes="56px" className="size-14 shrink-0 rounded-sm" />
            <div className="min-w-0">
              <Link
                to="/albums/$albumId"
                params={{ albumId: one.id }}
                className="block truncate rounded-sm font-semibold after:absolute after:inset-0 hover:underline"
                dir="auto"
              >
                {one.edition ? `${one.title} (${one.edition})` : one.title}
              </Link>
              <p className="truncate text-sm text-muted">
                {[
                  one.release_date ? preciseDate(one.release_date, one.release_precision) : null,
                  one.label,
                  one.catalog_number,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** What is known of an album besides its tracks: words about it, who made it, label and numbers, other editions. */
export function AlbumFacts({ album }: { album: Album }) {
  const { t } = useLingui();
  const people = albumContributions(album);
  const measured = album.loudness?.integrated_lufs;
  const lufs = measured == null ? null : decimal(measured);
  const released = album.release_date;
  const first = album.original_date;
  return (
    <>
      <footer className={cx("grid items-start gap-12 pt-14 md:grid-cols-2 xl:grid-cols-3", pagePadding)}>
        {album.description ? (
          <FactSection title={t`About the album`}>
            <p className="max-w-prose whitespace-pre-line text-muted" dir="auto">
              {album.description}
            </p>
          </FactSection>
        ) : null}
        {people.length > 0 ? (
          <FactSection title={t`Credits`}>
            <Contributions people={people} label={t`Credits`} />
          </FactSection>
        ) : null}
        <FactSection title={t`Details`}>
          <Facts
            facts={[
              released !== null && [t`Released`, preciseDate(released, album.release_precision)],
              first !== null && first !== released && [t`First released`, preciseDate(first, album.original_precision)],
              album.edition !== "" && [t`Edition`, <bdi key="edition">{album.edition}</bdi>],
              album.label !== "" && [t`Label`, <bdi key="label">{album.label}</bdi>],
              album.catalog_number !== "" && [t`Catalogue number`, <bdi key="number">{album.catalog_number}</bdi>],
              album.upc !== null && [t`UPC`, album.upc],
              [t`Length`, spokenLength(album.duration_ms)],
              album.moods.length > 0 && [t`Moods`, album.moods.join(", ")],
              album.published_at !== null && [t`Added`, longDate(album.published_at)],
              lufs !== null && [t`Loudness`, t`${lufs} LUFS`],
            ]}
          />
        </FactSection>
      </footer>
      <Editions album={album} />
    </>
  );
}
