import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { errorText } from "@/shared/lib/error-text";
import { cx } from "@/shared/lib/class-names";
import { Button } from "./button";

/** What is needed of an infinite query to show more of it. */
export type Pages = {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  isFetchNextPageError: boolean;
  error: unknown;
  fetchNextPage: () => unknown;
};

type Props = {
  pages: Pages;
  /** For lists that begin with what happened last. */
  earlier?: boolean;
  className?: string;
};

/** The way to the rest of a list; after the last page it says so, where whoever pressed it goes on from. */
export function ShowMore({ pages, earlier = false, className }: Props) {
  const { t } = useLingui();
  const [asked, ask] = useState(false);
  const end = useRef<HTMLParagraphElement>(null);
  const ended = asked && !pages.hasNextPage;
  useEffect(() => {
    // The button is gone, and the place of the keyboard with it; who went elsewhere meanwhile stays there.
    if (ended && document.activeElement === document.body) end.current?.focus();
  }, [ended]);
  if (!asked && !pages.hasNextPage) return null;
  return (
    <div className={cx("flex flex-col items-start gap-3", className)}>
      {pages.isFetchNextPageError ? (
        <p role="alert" className="text-sm text-danger">
          {errorText(pages.error)}
        </p>
      ) : null}
      {ended ? (
        <p ref={end} tabIndex={-1} className="text-sm text-muted">
          {t`That is all.`}
        </p>
      ) : (
        <Button
          isPending={pages.isFetchingNextPage}
          onPress={() => {
            ask(true);
            void pages.fetchNextPage();
          }}
        >
          {earlier ? t`Show earlier` : t`Show more`}
        </Button>
      )}
      <p role="status" className="sr-only">
        {pages.isFetchingNextPage ? t`Loading` : null}
      </p>
    </div>
  );
}
