import { useLingui } from "@lingui/react/macro";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { type ReactNode, useRef } from "react";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { ShowMore } from "@/shared/ui/show-more";
import { PageSkeleton } from "./layout";

type Props<T> = {
  query: UseInfiniteQueryResult<InfiniteData<{ items: T[] }>>;
  label: string;
  /** How many there are, in words; `more`: at least so many. */
  count: (shown: number, more: boolean) => ReactNode;
  empty: ReactNode;
  /** `goOn` is called once the row was decided about. */
  row: (item: T, goOn: () => void) => ReactNode;
};

/** Things that somebody decides about one by one, and that go away then. */
export function DecisionList<T>({ query, label, count, empty, row }: Props<T>) {
  const { t } = useLingui();
  const status = useRef<HTMLParagraphElement>(null);
  if (query.isPending) return <PageSkeleton />;
  if (query.isLoadingError) {
    return (
      <EmptyState
        title={t`The list cannot be shown`}
        actions={<Button onPress={() => void query.refetch()}>{t`Try again`}</Button>}
      >
        {errorText(query.error)}
      </EmptyState>
    );
  }
  const items = query.data.pages.flatMap((page) => page.items);
  const some = items.length > 0;
  // The row that was decided about goes away with its buttons: whoever uses the keyboard goes on from here.
  const goOn = () => status.current?.focus();
  return (
    <>
      <p
        ref={status}
        role="status"
        tabIndex={-1}
        className={some ? "pb-4 text-sm font-semibold text-muted" : "sr-only"}
      >
        {count(items.length, query.hasNextPage)}
      </p>
      {some ? null : empty}
      <ul aria-label={label} className="flex flex-col gap-4 empty:hidden">
        {items.map((item) => row(item, goOn))}
      </ul>
      <ShowMore pages={query} className="mt-6" />
    </>
  );
}
