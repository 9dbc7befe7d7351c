import { Plural, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck } from "lucide-react";
import type { TakenDownItem } from "@/shared/api/types";
import { longDate } from "@/shared/lib/format";
import { Cover } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { BringBack } from "./bring-back";
import { DecisionList } from "./decision-list";
import { PageTitle } from "./layout";
import { takenDownQuery } from "./queries";

/** What nobody may hear, why, and the way back. */
export default function TakenDownPage() {
  const { t } = useLingui();
  return (
    <>
      <PageTitle
        title={t`Taken down`}
        intro={t`Nobody hears these but who manages them, and they read why. Brought back, a work is as public as it was.`}
      />
      <DecisionList
        query={useInfiniteQuery(takenDownQuery)}
        label={t`Taken down`}
        count={(count, more) => <Count count={count} more={more} />}
        empty={
          <EmptyState icon={<CircleCheck />} title={t`Nothing is taken down`}>
            {t`The pages of albums and tracks let you take one down, with a reason.`}
          </EmptyState>
        }
        row={(work, goOn) => <Work key={work.id} work={work} onBack={goOn} />}
      />
    </>
  );
}

function Count({ count, more }: { count: number; more: boolean }) {
  const { t } = useLingui();
  if (count === 0) return t`Nothing is taken down`;
  if (more) return t`More than ${count} works are taken down`;
  return <Plural value={count} one="# work is taken down" other="# works are taken down" />;
}

function Work({ work, onBack }: { work: TakenDownItem; onBack: () => void }) {
  const { t } = useLingui();
  const since = longDate(work.taken_down.at);
  return (
    <li className="relative flex flex-col gap-4 rounded-lg border border-line bg-raised p-5 sm:flex-row sm:items-start sm:gap-6">
      <Cover image={work.cover} alt="" seed={work.id} sizes="80px" className="size-20 shrink-0" />
      <div className="flex min-w-0 flex-1 flex-col gap-2">
        <h2 className="display text-lg break-words">
          <Link
            to="/admin/taken-down/$contentId"
            params={{ contentId: work.id }}
            className="rounded-sm after:absolute after:inset-0 hover:underline"
          >
            <bdi>{work.title}</bdi>
          </Link>
        </h2>
        <p className="flex flex-wrap gap-x-4 text-sm text-muted">
          <span>{work.kind === "album" ? t`Album` : t`Track`}</span>
          <bdi>{work.artist.name}</bdi>
          <span>{t`since ${since}`}</span>
        </p>
        <p dir="auto" className="rounded-md bg-warning-soft px-4 py-3 text-sm break-words whitespace-pre-line text-ink">
          {work.taken_down.reason}
        </p>
      </div>
      <BringBack work={work} onBack={onBack} className="relative self-start" />
    </li>
  );
}
