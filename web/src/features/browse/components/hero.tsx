import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Pause, Play } from "lucide-react";
import type { AlbumCard } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { longDate } from "@/shared/lib/format";
import { Button, buttonClasses } from "@/shared/ui/button";
import { Cover, useCoverColour } from "@/shared/ui/cover";
import { useAlbumPlayback } from "./cards";
import { NotHeard } from "./not-heard";

/** Square notes on a staff, as antiphonaries write them; two voices, the low one calls and the high one answers. */
function Staff() {
  const low = [0, 1, 0, 2];
  const high = [5, 6, 4, 5];
  return (
    <svg
      aria-hidden
      viewBox="0 0 480 88"
      className="tint-vivid flip-rtl pointer-events-none h-20 w-auto max-w-full self-start opacity-55 contrast-theme:hidden"
    >
      <g stroke="var(--vivid)" strokeWidth="1" opacity="0.55">
        {[16, 30, 44, 58, 72].map((y) => (
          <line key={y} x1="0" x2="480" y1={y} y2={y} />
        ))}
      </g>
      <g fill="var(--vivid)">
        {low.map((step, index) => (
          <rect key={`low-${index}`} x={10 + index * 34} y={67 - step * 7} width="10" height="10" rx="1" />
        ))}
        {high.map((step, index) => (
          <rect key={`high-${index}`} x={206 + index * 34} y={67 - step * 7} width="10" height="10" rx="1" />
        ))}
        <rect x="196" y="16" width="1.5" height="56" opacity="0.6" />
        <rect x="400" y="16" width="1.5" height="56" opacity="0.6" />
      </g>
    </svg>
  );
}

export function Hero({ album, wide }: { album: AlbumCard; wide: boolean }) {
  const { t } = useLingui();
  const { sounding, toggle } = useAlbumPlayback(album.id);
  const released = album.release_date ? longDate(album.release_date) : null;
  const long = [...album.title].length > 22;
  return (
    <article
      style={useCoverColour(album.cover, album.id)}
      className="tint-fill tint-border relative isolate flex h-full flex-col justify-end overflow-hidden rounded-xl contrast-theme:border-2"
    >
      <div
        className={cx(
          "relative flex h-full flex-col-reverse justify-end gap-6 p-6 sm:flex-row sm:items-end sm:justify-between sm:p-9",
          wide && "lg:p-12",
        )}
      >
        <div className="flex min-w-0 flex-1 flex-col gap-3 self-stretch">
          <div className="mb-auto pb-6 max-sm:hidden">
            <Staff />
          </div>
          <p className="text-sm font-semibold text-muted">{released ? t`New on ${released}` : t`New`}</p>
          <h2 className={cx("display break-words", long ? "text-2xl" : "text-3xl")} dir="auto">
            <Link to="/albums/$albumId" params={{ albumId: album.id }} className="rounded-sm hover:underline">
              {album.title}
            </Link>
          </h2>
          <p>
            <Link
              to="/artists/$artistId"
              params={{ artistId: album.artist.id }}
              className="rounded-sm text-lg font-medium text-muted hover:text-ink hover:underline"
              dir="auto"
            >
              {album.artist.name}
            </Link>
          </p>
          <NotHeard work={album} />
          <div className="flex flex-wrap gap-3 pt-3">
            <Button variant="primary" size="lg" isDisabled={!album.playable} onPress={toggle}>
              {sounding ? (
                <Pause aria-hidden fill="currentColor" className="size-5" />
              ) : (
                <Play aria-hidden fill="currentColor" className="flip-rtl size-5" />
              )}
              {sounding ? t`Pause` : t`Play`}
            </Button>
            <Link
              to="/albums/$albumId"
              params={{ albumId: album.id }}
              className={buttonClasses("ghost", "lg", "border border-ink/40 hover:bg-ink/10!")}
            >
              {t`Open`}
            </Link>
          </div>
        </div>
        <Cover
          image={album.cover}
          alt=""
          seed={album.id}
          eager
          sizes="(min-width: 1024px) 320px, (min-width: 640px) 240px, 80vw"
          className={cx("w-full shrink-0 rounded-lg shadow-lift sm:w-52 lg:w-60 xl:w-72", wide && "lg:w-72 xl:w-80")}
        />
      </div>
    </article>
  );
}

/** The releases after the newest one, beside the hero. */
export function AlsoFresh({ album }: { album: AlbumCard }) {
  const { t } = useLingui();
  const { sounding, toggle } = useAlbumPlayback(album.id);
  const title = album.title;
  return (
    <article
      style={useCoverColour(album.cover, album.id)}
      className="tint-fill tint-border group relative flex flex-1 items-center gap-5 overflow-hidden rounded-xl p-4 contrast-theme:border-2 xl:p-5"
    >
      <Cover
        image={album.cover}
        alt=""
        seed={album.id}
        eager
        sizes="144px"
        className="h-full max-h-36 min-h-24 w-auto shrink-0 rounded-md shadow-lift"
      />
      <div className="min-w-0 flex-1">
        <h3 className="display line-clamp-2 text-lg" dir="auto">
          <Link
            to="/albums/$albumId"
            params={{ albumId: album.id }}
            className="rounded-sm after:absolute after:inset-0 hover:underline"
          >
            {album.title}
          </Link>
        </h3>
        <p className="truncate pt-1 text-sm text-muted" dir="auto">
          {album.artist.name}
        </p>
        <NotHeard work={album} />
      </div>
      <button
        type="button"
        onClick={toggle}
        disabled={!album.playable}
        aria-label={sounding ? t`Pause ${title}` : t`Play ${title}`}
        className="relative z-10 grid size-12 shrink-0 place-items-center rounded-full bg-ink text-surface disabled:opacity-50"
      >
        {sounding ? (
          <Pause aria-hidden fill="currentColor" className="size-5" />
        ) : (
          <Play aria-hidden fill="currentColor" className="flip-rtl size-5" />
        )}
      </button>
    </article>
  );
}
