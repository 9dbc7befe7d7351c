import { Plural, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { ImportReport, UnsureWork } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { errorText } from "@/shared/lib/error-text";
import { clockTime, count } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { Select } from "@/shared/ui/fields";
import { Page } from "@/shared/ui/page";
import { Skeleton } from "@/shared/ui/progress";
import { sayFailure } from "@/shared/ui/say-failure";
import { Section } from "@/shared/ui/section";
import { ShowMore } from "@/shared/ui/show-more";
import { applyImport, dropImport, importReportQuery, importsQuery, unsureQuery } from "./api";
import { Leftovers } from "./leftovers";
import { useKinds } from "./words";

const LEFT_OUT = "none";
const AMBIGUOUS = "work_ambiguous";

/** What an archive would bring of works of others, before anything of it is made. */
export function ImportReviewPage() {
  const { t } = useLingui();
  const { importId } = useParams({ from: "/settings/privacy/import/$importId" });
  const found = useQuery(importReportQuery(importId));
  return (
    <Page
      title={t`Look your archive over`}
      intro={t`Your own music is here already. Likes, ratings, playlists and plays come when you say so.`}
      back={{ to: "/settings/privacy", label: t`Privacy` }}
    >
      {found.isPending ? <Skeleton className="h-40" /> : null}
      {found.isLoadingError ? <p className="text-danger">{errorText(found.error)}</p> : null}
      {found.data ? <Review key={found.data.id} report={found.data} /> : null}
    </Page>
  );
}

function Review({ report }: { report: ImportReport }) {
  const { t } = useLingui();
  const [chosen, setChosen] = useState<Record<string, string>>({});
  if (report.state !== "review") return <p role="status">{t`This archive does not wait to be looked over.`}</p>;
  const missing = report.leftovers.filter((one) => one.reason !== AMBIGUOUS);
  return (
    <>
      <Found report={report} />
      {report.unsure_count > 0 ? (
        <Choices
          importId={report.id}
          chosen={chosen}
          choose={(source, id) => setChosen((before) => ({ ...before, [source]: id }))}
        />
      ) : null}
      {missing.length > 0 ? (
        <Section title={t`Not here`} intro={t`These are left out. Bring the archive again once they are here.`}>
          <Leftovers leftovers={missing} />
        </Section>
      ) : null}
      <Decision report={report} chosen={chosen} />
    </>
  );
}

function Found({ report }: { report: ImportReport }) {
  const { t } = useLingui();
  const kinds = useKinds();
  const found = Object.entries(report.found).filter(([, number]) => number > 0);
  return (
    <Section title={t`Found`} intro={t`So much is taken in.`}>
      {found.length === 0 ? (
        <p className="text-muted">{t`Nothing in it is about music that is here.`}</p>
      ) : (
        <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          {found.map(([kind, number]) => (
            <div key={kind} className="flex flex-col-reverse rounded-lg bg-raised p-4">
              <dt className="text-sm text-muted">{kinds(kind)}</dt>
              <dd className="numbers display text-2xl">{count(number)}</dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  );
}

type ChoicesProps = {
  importId: string;
  chosen: Readonly<Record<string, string>>;
  choose: (source: string, id: string) => void;
};

function Choices({ importId, chosen, choose }: ChoicesProps) {
  const { t } = useLingui();
  const found = useInfiniteQuery(unsureQuery(importId));
  const works = found.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section title={t`To choose`} intro={t`Several works here may be meant. What you do not choose is left out.`}>
      {found.isPending ? <Skeleton className="h-40" /> : null}
      {found.isLoadingError ? <p className="text-danger">{errorText(found.error)}</p> : null}
      <ul className="flex flex-col gap-6">
        {works.map((work) => (
          <Choice
            key={work.source}
            work={work}
            chosen={chosen[work.source] ?? LEFT_OUT}
            choose={(id) => choose(work.source, id)}
          />
        ))}
      </ul>
      <ShowMore pages={found} />
    </Section>
  );
}

function Choice({ work, chosen, choose }: { work: UnsureWork; chosen: string; choose: (id: string) => void }) {
  const { t } = useLingui();
  const label = work.label;
  return (
    <li className="flex flex-col gap-2">
      <p className={cx("font-semibold break-words", chosen === LEFT_OUT && "text-muted")} dir="auto">
        {label}
      </p>
      <Select
        hideLabel
        label={t`What is meant by ${label}`}
        value={chosen}
        onChange={choose}
        options={[
          { id: LEFT_OUT, label: t`Leave it out` },
          ...work.candidates.map((one) => ({
            id: one.id,
            label: [one.artist, one.title].filter(Boolean).join(" – "),
            detail: [one.album, one.version, one.duration_ms == null ? null : clockTime(one.duration_ms)]
              .filter(Boolean)
              .join(" · "),
          })),
        ]}
      />
    </li>
  );
}

function Decision({ report, chosen }: { report: ImportReport; chosen: Record<string, string> }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, ask] = useState(false);
  const done = async () => {
    await navigate({ to: "/settings/privacy", hash: "import" });
    await client.invalidateQueries({ queryKey: importsQuery.queryKey });
  };
  const choices = Object.fromEntries(Object.entries(chosen).filter(([, id]) => id !== LEFT_OUT));
  const apply = useMutation({
    mutationFn: () => applyImport(report.id, choices),
    onSuccess: done,
    onError: sayFailure,
  });
  const drop = useMutation({ mutationFn: () => dropImport(report.id), onSuccess: done, onError: sayFailure });
  const open = report.unsure_count - Object.keys(choices).length;
  return (
    <div className="flex flex-col gap-4 border-t border-line py-9">
      <p role="status" className="text-sm text-muted empty:hidden">
        {open > 0 ? <Plural value={open} one="# work is not chosen yet." other="# works are not chosen yet." /> : null}
      </p>
      <div className="flex flex-wrap gap-3">
        <Button
          variant="primary"
          isPending={apply.isPending}
          isDisabled={drop.isPending}
          onPress={() => apply.mutate()}
        >
          {t`Take it in`}
        </Button>
        <Button isDisabled={apply.isPending} onPress={() => ask(true)}>
          {t`Do not take it in`}
        </Button>
      </div>
      <ConfirmDialog
        open={asking}
        onClose={() => ask(false)}
        onConfirm={() => drop.mutate()}
        title={t`Leave the likes, ratings, playlists and plays out?`}
        confirmLabel={t`Leave them out`}
        pending={drop.isPending}
      >
        {t`Your own music that came with the archive stays. You can bring the archive again.`}
      </ConfirmDialog>
    </div>
  );
}
