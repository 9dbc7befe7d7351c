import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { CircleCheck, Merge } from "lucide-react";
import { useEffect } from "react";
import { beginChoosing, chooseAmong, type ChosenKind, endChoosing } from "@/shared/lib/chosen";
import { Badge } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { ShowMore } from "@/shared/ui/show-more";
import { Tabs } from "@/shared/ui/tabs";
import { doublesQuery } from "./api";
import { Failure, KeepingPage, Waiting } from "./components/page";
import { type Double, type Doubled, useBecause } from "./model/doubles";

/** Works that may be the same one, found by the catalogue itself: each pair leads to the merge tool. */
export function DoublesPage() {
  const { t } = useLingui();
  return (
    <KeepingPage
      title={t`Possible doubles`}
      intro={t`These may be the same. Compare them, and merge those that are; nothing happens by itself.`}
    >
      <Tabs
        label={t`Kind of work`}
        items={[
          { id: "artist", label: t`Artists`, content: <Found kind="artist" /> },
          { id: "album", label: t`Albums`, content: <Found kind="album" /> },
          { id: "track", label: t`Tracks`, content: <Found kind="track" /> },
        ]}
      />
    </KeepingPage>
  );
}

function Found({ kind }: { kind: ChosenKind }) {
  const { t } = useLingui();
  const found = useInfiniteQuery(doublesQuery(kind));
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const doubles = found.data?.pages.flatMap((page) => page.items) ?? [];
  const none = doubles.length === 0;
  // A page holds what was looked through, which may be nothing alike.
  useEffect(() => {
    if (none && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [none, hasNextPage, isFetchingNextPage, fetchNextPage]);
  if (found.isLoadingError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (found.isPending || (none && hasNextPage)) return <Waiting />;
  return (
    <div className="flex flex-col gap-6">
      {none ? (
        <EmptyState icon={<CircleCheck />} title={t`Nothing looks double`}>
          {t`Codes, names and lengths were compared.`}
        </EmptyState>
      ) : (
        <ul aria-label={t`Possible doubles`} className="flex flex-col gap-4">
          {doubles.map((double) => (
            <Pair key={double.one.id} kind={kind} double={double} />
          ))}
        </ul>
      )}
      <ShowMore pages={found} />
    </div>
  );
}

function Pair({ kind, double }: { kind: ChosenKind; double: Double }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const because = useBecause();
  const name = double.one.name;
  const compare = () => {
    const all = [double.one, ...double.others];
    endChoosing();
    beginChoosing(kind);
    chooseAmong(all, new Set(all.map((one) => one.id)));
    void navigate({ to: "/keeping/merge" });
  };
  return (
    <li className="flex flex-col gap-4 rounded-lg border border-line bg-raised p-5 lg:flex-row lg:items-center">
      <ul aria-label={name} className="grid min-w-0 flex-1 gap-x-6 gap-y-4 sm:grid-cols-2">
        <Work kind={kind} work={double.one} />
        {double.others.map((other) => (
          <Work key={other.id} kind={kind} work={other} why={other.because.map((one) => because[one])} />
        ))}
      </ul>
      <Button className="self-start lg:self-center" aria-label={t`Compare ${name}`} onPress={compare}>
        <Merge aria-hidden className="size-4" />
        {t`Compare`}
      </Button>
    </li>
  );
}

function Work({ kind, work, why = [] }: { kind: ChosenKind; work: Doubled; why?: readonly string[] }) {
  return (
    <li className="flex min-w-0 items-center gap-4">
      <Cover
        image={work.image}
        alt=""
        seed={work.id}
        shape={kind === "artist" ? "round" : "square"}
        sizes="56px"
        className="size-14 shrink-0"
      />
      <div className="min-w-0 flex-1">
        <p className="truncate font-semibold" dir="auto">
          {work.name}
        </p>
        <p className="truncate text-sm text-muted" dir="auto">
          {work.detail}
        </p>
        {why.length > 0 ? (
          <p className="flex flex-wrap gap-1.5 pt-1">
            {why.map((reason) => (
              <Badge key={reason} tone="accent">
                {reason}
              </Badge>
            ))}
          </p>
        ) : null}
      </div>
    </li>
  );
}
