import { useLingui } from "@lingui/react/macro";
import { type ReactNode, useEffect } from "react";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { Spinner } from "@/shared/ui/progress";
import type { Pages } from "@/shared/ui/show-more";
import { useWidth, useWindow } from "./use-window";

type EndlessProps<T> = {
  label: string;
  items: readonly T[];
  more: Pages;
  /** How many stand side by side, and how high a row is, in the width that there is (0 while that is unknown). */
  shape: (width: number) => { columns: number; height: number };
  /** One item as an `li`. */
  render: (item: T, index: number) => ReactNode;
};

/** Rows left below the window when the next page is fetched. */
const AHEAD = 12;

/**
 * A list of any length: only what is in the window is drawn, and pages are fetched as one comes near their end. How long
 * the whole is stays unknown until then.
 */
export function Endless<T>({ label, items, more, shape, render }: EndlessProps<T>) {
  const { ref: box, width } = useWidth();
  const { columns, height } = shape(width);
  const rows = Math.ceil(items.length / columns);
  const { ref, first, last } = useWindow(rows, height);
  const { hasNextPage, isFetchingNextPage, isFetchNextPageError, fetchNextPage } = more;
  const wanted = hasNextPage && !isFetchingNextPage && !isFetchNextPageError && last + AHEAD >= rows;
  useEffect(() => {
    if (wanted) void fetchNextPage();
  }, [wanted, fetchNextPage]);
  const shown = items.slice(first * columns, last * columns);
  return (
    <div ref={box}>
      <ul
        ref={ref}
        aria-label={label}
        className="grid content-start gap-x-4 sm:gap-x-6"
        style={{
          height: rows * height,
          paddingTop: first * height,
          gridAutoRows: height,
          gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
        }}
      >
        {shown.map((item, index) => render(item, first * columns + index))}
      </ul>
      <End more={more} />
    </div>
  );
}

function End({ more }: { more: Pages }) {
  const { t } = useLingui();
  if (more.isFetchNextPageError) {
    return (
      <EmptyState
        title={t`The rest did not load`}
        actions={<Button onPress={() => void more.fetchNextPage()}>{t`Try again`}</Button>}
      >
        {errorText(more.error)}
      </EmptyState>
    );
  }
  return (
    <div role="status" className="grid h-16 place-items-center">
      {more.isFetchingNextPage ? (
        <>
          <Spinner />
          <span className="sr-only">{t`Loading`}</span>
        </>
      ) : null}
    </div>
  );
}
