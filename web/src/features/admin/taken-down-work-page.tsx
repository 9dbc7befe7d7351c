import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft, EyeOff } from "lucide-react";
import { isNotFound } from "@/shared/api/errors";
import type { Album, FullTrack, Track } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { clockTime, longDate, preciseDate, spokenLength } from "@/shared/lib/format";
import { Cover } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { Section } from "@/shared/ui/section";
import { BringBack } from "./bring-back";
import { PageSkeleton, PageTitle } from "./layout";
import { takenDownWorkQuery } from "./queries";

/** A work that nobody hears at present, to be read by whoever decides about it. */
export function AdminTakenDownPage() {
  const { t } = useLingui();
  const { contentId } = useParams({ from: "/admin/taken-down/$contentId" });
  const found = useQuery(takenDownWorkQuery(contentId));
  if (found.isPending) return <PageSkeleton />;
  if (found.isError) {
    const title = isNotFound(found.error) ? t`This is not taken down` : t`This work cannot be shown`;
    return (
      <EmptyState heading="h1" title={title}>
        {errorText(found.error)}
      </EmptyState>
    );
  }
  return <Content work={found.data} />;
}

function Content({ work }: { work: FullTrack | Album }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const back = () => void navigate({ to: "/admin/$section", params: { section: "taken-down" } });
  return (
    <>
      <Link
        to="/admin/$section"
        params={{ section: "taken-down" }}
        className="flex min-h-11 items-center gap-2 self-start rounded-md text-sm font-semibold text-muted hover:text-ink"
      >
        <ArrowLeft aria-hidden className="flip-rtl size-4" />
        {t`Taken down`}
      </Link>
      <PageTitle
        title={work.title}
        intro={<bdi>{work.artist.name}</bdi>}
        actions={<BringBack work={work} onBack={back} />}
      />
      {work.taken_down ? <Mark at={work.taken_down.at} reason={work.taken_down.reason} /> : null}
      <div className="flex flex-col gap-6 py-6 sm:flex-row sm:items-start">
        <Cover image={work.cover} alt="" seed={work.id} sizes="160px" className="size-40 shrink-0 rounded-lg" />
        <Facts work={work} />
      </div>
      {work.description ? (
        <Section title={t`Description`}>
          <p dir="auto" className="max-w-prose break-words whitespace-pre-line">
            {work.description}
          </p>
        </Section>
      ) : null}
      {work.kind === "album" ? <Tracks tracks={work.tracks} /> : null}
    </>
  );
}

function Mark({ at, reason }: { at: string; reason: string }) {
  const { t } = useLingui();
  const since = longDate(at);
  return (
    <div className="flex gap-4 rounded-lg bg-warning-soft p-5 text-ink">
      <EyeOff aria-hidden className="size-5 shrink-0 text-warning" />
      <div className="flex min-w-0 flex-col gap-1">
        <p className="font-semibold">{t`Taken down since ${since}. You see it to decide; nothing of it can be changed here.`}</p>
        <p dir="auto" className="text-sm break-words whitespace-pre-line">
          {reason}
        </p>
      </div>
    </div>
  );
}

function useFacts(work: FullTrack | Album): [string, string][] {
  const { t } = useLingui();
  const given =
    work.kind === "album"
      ? [
          work.release_date ? [t`Released`, preciseDate(work.release_date, work.release_precision)] : null,
          [t`Length`, spokenLength(work.duration_ms)],
          work.label ? [t`Label`, work.label] : null,
          work.upc ? ["UPC", work.upc] : null,
        ]
      : [
          work.album ? [t`Album`, work.album.title] : null,
          work.year ? [t`Year`, String(work.year)] : null,
          work.duration_ms ? [t`Length`, clockTime(work.duration_ms)] : null,
          work.genres.length > 0 ? [t`Genres`, work.genres.map((genre) => genre.name).join(", ")] : null,
          work.credits.length > 0 ? [t`Credits`, work.credits.map((credit) => credit.name).join(", ")] : null,
          work.isrc ? ["ISRC", work.isrc] : null,
        ];
  const made: [string, string] = [t`Made on`, longDate(work.created_at)];
  return [...given.filter((fact): fact is [string, string] => fact !== null), made];
}

function Facts({ work }: { work: FullTrack | Album }) {
  return (
    <dl className="grid flex-1 gap-x-12 gap-y-4 sm:grid-cols-2">
      {useFacts(work).map(([name, value]) => (
        <div key={name} className="flex min-w-0 flex-col">
          <dt className="text-sm text-muted">{name}</dt>
          <dd className="font-semibold break-words">
            <bdi>{value}</bdi>
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Tracks({ tracks }: { tracks: readonly Track[] }) {
  const { t } = useLingui();
  return (
    <Section title={t`Tracks`}>
      <ol aria-label={t`Tracks`} className="-my-2 flex flex-col">
        {tracks.map((track) => (
          <li key={track.id} className="flex items-baseline gap-4 border-b border-line py-2.5 last:border-b-0">
            <span className="numbers w-8 shrink-0 text-end text-sm text-muted">{track.track_number ?? "–"}</span>
            <span className="min-w-0 flex-1 break-words">
              <bdi className="font-semibold">{track.title}</bdi>{" "}
              <bdi className="text-sm text-muted">{track.artist.name}</bdi>
            </span>
            <span className="numbers text-sm text-muted">
              {track.duration_ms === null ? "" : clockTime(track.duration_ms)}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
