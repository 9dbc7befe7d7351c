import { Plural, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Tags } from "lucide-react";
import { useMe } from "@/shared/api/me";
import { cx } from "@/shared/lib/class-names";
import { useTitle } from "@/shared/lib/title";
import { buttonClasses } from "@/shared/ui/button";
import { seedColour } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { Skeleton } from "@/shared/ui/progress";
import { genresQuery } from "./api/queries";
import { pagePadding } from "./components/page";
import { Failed, Loading } from "./components/states";

export function GenresPage() {
  const { t } = useLingui();
  useTitle(t`Genres`);
  const genres = useQuery(genresQuery);
  const runs = useMe()?.roles.includes("admin") ?? false;
  const grid = "grid grid-cols-2 gap-4 sm:grid-cols-3 sm:gap-6 xl:grid-cols-4";
  return (
    <div className={cx("flex flex-col gap-8 pt-6", pagePadding)}>
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="display text-2xl">{t`Genres`}</h1>
        {runs ? (
          <Link to="/keeping/genres" className={buttonClasses()}>
            {t`Keep the genres`}
          </Link>
        ) : null}
      </div>
      {genres.isError ? <Failed error={genres.error} retry={() => void genres.refetch()} /> : null}
      {genres.isPending ? (
        <Loading>
          <div className={grid}>
            {Array.from({ length: 8 }, (_, index) => (
              <Skeleton key={index} className="h-36 rounded-lg" />
            ))}
          </div>
        </Loading>
      ) : null}
      {genres.data?.items.length === 0 ? (
        <EmptyState icon={<Tags />} title={t`No genres yet`}>
          {t`They appear with the first published tracks.`}
        </EmptyState>
      ) : null}
      {genres.data ? (
        <ul className={grid}>
          {genres.data.items.map((genre, index) => (
            <li
              key={genre.id}
              style={seedColour(genre.id)}
              className="tint-fill tint-border relative h-36 overflow-hidden rounded-lg p-5 transition-[filter] hover:brightness-110 contrast-theme:border-2"
            >
              <Link
                to="/genres/$genreId"
                params={{ genreId: genre.id }}
                className="display rounded-sm text-lg break-words hyphens-auto after:absolute after:inset-0"
                dir="auto"
              >
                {genre.name}
              </Link>
              <p className="absolute start-5 bottom-4 text-sm text-muted">
                <Plural value={genre.tracks ?? 0} one="# track" other="# tracks" />
              </p>
              <svg aria-hidden viewBox="0 0 40 40" className="tint-vivid absolute -end-3 -bottom-3 size-24 opacity-60">
                <g fill="var(--vivid)">
                  <rect x={4} y={22 - (index % 3) * 4} width="9" height="9" rx="1" />
                  <rect x={16} y={12 + (index % 4) * 3} width="9" height="9" rx="1" />
                  <rect x={28} y={16 - (index % 2) * 8} width="9" height="9" rx="1" />
                </g>
              </svg>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
