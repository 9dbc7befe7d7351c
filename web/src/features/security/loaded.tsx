import { useLingui } from "@lingui/react/macro";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Skeleton } from "@/shared/ui/progress";

/** What a section shows while its data comes, when it does not, and when it is there. */
export function Loaded<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  const { t } = useLingui();
  if (query.isSuccess) return children(query.data);
  if (query.isPending) {
    return (
      <div aria-hidden className="flex flex-col gap-3">
        <Skeleton className="h-11" />
        <Skeleton className="h-11" />
      </div>
    );
  }
  return (
    <div role="alert" className="flex flex-wrap items-center gap-4 text-sm text-muted">
      {errorText(query.error)}
      <Button size="sm" onPress={() => void query.refetch()}>{t`Try again`}</Button>
    </div>
  );
}
