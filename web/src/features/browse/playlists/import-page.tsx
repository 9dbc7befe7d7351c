import { Plural, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { CircleAlert, CircleCheck, CircleQuestionMark } from "lucide-react";
import { useState } from "react";
import type { PlaylistImport } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { clockTime } from "@/shared/lib/format";
import { useTitle } from "@/shared/lib/title";
import { Button } from "@/shared/ui/button";
import { Select, TextField } from "@/shared/ui/fields";
import { sayFailure } from "@/shared/ui/say-failure";
import { pagePadding } from "@/features/browse/components/page";
import { Failed, Loading, RowsSkeleton } from "@/features/browse/components/states";
import { acceptImport, importQuery } from "./queries";

type ImportedLine = PlaylistImport["lines"][number];
const LEFT_OUT = "none";

const icons = { sure: CircleCheck, likely: CircleQuestionMark, none: CircleAlert };
const tones = { sure: "text-success", likely: "text-warning", none: "text-danger" };

/** What is taken where nobody chooses. */
const proposed = (line: ImportedLine): string =>
  line.sureness === "none" ? LEFT_OUT : (line.candidates[0]?.id ?? LEFT_OUT);

function Line({ line, chosen, choose }: { line: ImportedLine; chosen: string; choose: (id: string) => void }) {
  const { t } = useLingui();
  const said = line.title ? [line.artist, line.title].filter(Boolean).join(" – ") : line.location;
  const words = { sure: t`Found`, likely: t`Probably this`, none: t`Not found` };
  const Icon = icons[line.sureness];
  return (
    <li className="flex flex-col gap-2 border-t border-line py-3 md:flex-row md:items-center md:gap-6">
      <div className="flex min-w-0 flex-1 items-start gap-3">
        <Icon
          role="img"
          aria-label={words[line.sureness]}
          className={cx("mt-0.5 size-5 shrink-0", tones[line.sureness])}
        />
        <div className="min-w-0">
          <p className="font-semibold break-words" dir="auto">
            {said}
          </p>
          {line.title && line.location ? (
            <p className="truncate text-sm text-muted" dir="auto">
              {line.location}
            </p>
          ) : null}
        </div>
      </div>
      {line.candidates.length > 0 ? (
        <Select
          className="md:w-96"
          hideLabel
          label={t`Track for ${said}`}
          value={chosen}
          onChange={choose}
          options={[
            ...line.candidates.map((track) => ({
              id: track.id,
              label: `${track.artist} – ${track.title}`,
              detail: [track.album, track.duration_ms === null ? null : clockTime(track.duration_ms)]
                .filter(Boolean)
                .join(" · "),
            })),
            { id: LEFT_OUT, label: t`Leave it out` },
          ]}
        />
      ) : (
        <p className="text-sm text-muted md:w-96">{t`Nothing like it is here.`}</p>
      )}
    </li>
  );
}

function Review({ found }: { found: PlaylistImport }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [name, setName] = useState(found.name);
  const [chosen, setChosen] = useState<Record<number, string>>({});
  const [onlyDoubtful, setOnlyDoubtful] = useState(found.likely + found.missing > 0);
  const of = (line: ImportedLine) => chosen[line.number] ?? proposed(line);
  const taken = found.lines.filter((line) => of(line) !== LEFT_OUT).length;
  const accept = useMutation({
    mutationFn: () =>
      acceptImport(
        found.id,
        name.trim(),
        Object.entries(chosen).map(([number, id]) => ({
          number: Number(number),
          track_id: id === LEFT_OUT ? null : id,
        })),
      ),
    onSuccess: (made) => navigate({ to: "/playlists/$playlistId", params: { playlistId: made.id }, replace: true }),
    onError: sayFailure,
  });
  const shown = found.lines.filter((line) => !onlyDoubtful || line.sureness !== "sure");
  return (
    <div className={cx("flex flex-col gap-8 pt-6", pagePadding)}>
      <div className="flex flex-col gap-2">
        <h1 className="display text-2xl">{t`Look it over`}</h1>
        <p className="text-muted">
          <Plural
            value={found.lines.length}
            one="The file has # line. Nothing is made before you say so."
            other="The file has # lines. Nothing is made before you say so."
          />
        </p>
      </div>
      <dl className="grid max-w-lg grid-cols-3 gap-4">
        {[
          [t`Found`, found.sure, "text-success"],
          [t`Probably`, found.likely, "text-warning"],
          [t`Not found`, found.missing, "text-danger"],
        ].map(([label, value, tone]) => (
          <div key={label} className="rounded-lg bg-raised p-4">
            <dt className="text-sm text-muted">{label}</dt>
            <dd className={cx("numbers display text-2xl", String(tone))}>{value}</dd>
          </div>
        ))}
      </dl>
      <form
        className="flex flex-wrap items-end gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() && taken > 0) accept.mutate();
        }}
      >
        <TextField
          label={t`Name of the playlist`}
          value={name}
          onChange={setName}
          maxLength={300}
          dir="auto"
          className="min-w-64 flex-1"
        />
        <Button
          variant="primary"
          type="submit"
          isDisabled={!name.trim() || taken === 0}
          isPending={accept.isPending}
          className="min-h-12"
        >
          <Plural value={taken} one="Make it with # track" other="Make it with # tracks" />
        </Button>
      </form>
      <section className="flex flex-col gap-3" aria-label={t`Lines of the file`}>
        {found.sure > 0 && found.sure < found.lines.length ? (
          <Button className="self-start" size="sm" onPress={() => setOnlyDoubtful((only) => !only)}>
            {onlyDoubtful ? t`Show all lines` : t`Show what needs a look`}
          </Button>
        ) : null}
        <ol className="flex flex-col">
          {shown.map((line) => (
            <Line
              key={line.number}
              line={line}
              chosen={of(line)}
              choose={(id) => setChosen((before) => ({ ...before, [line.number]: id }))}
            />
          ))}
        </ol>
      </section>
    </div>
  );
}

export function ImportPage() {
  const { t } = useLingui();
  const { importId } = useParams({ from: "/playlists/import/$importId" });
  const found = useQuery(importQuery(importId));
  useTitle(t`Look it over`);
  if (found.data) return <Review found={found.data} />;
  if (found.isError) return <Failed heading="h1" error={found.error} retry={() => void found.refetch()} />;
  return (
    <Loading>
      <div className="p-8">
        <RowsSkeleton />
      </div>
    </Loading>
  );
}
