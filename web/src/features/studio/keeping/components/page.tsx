import { useLingui } from "@lingui/react/macro";
import { CloudAlert } from "lucide-react";
import type { ReactNode } from "react";
import { NotForYou } from "@/features/studio/components/may-edit";
import { ApiError } from "@/shared/api/errors";
import { errorText } from "@/shared/lib/error-text";
import { useTitle } from "@/shared/lib/title";
import { Button } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { Skeleton } from "@/shared/ui/progress";

type PageProps = { title: string; eyebrow?: ReactNode; intro?: ReactNode; actions?: ReactNode; children: ReactNode };

/** The frame of the pages on which the catalogue is kept. */
export function KeepingPage({ title, eyebrow, intro, actions, children }: PageProps) {
  useTitle(title);
  return (
    <div className="mx-auto flex w-full max-w-5xl flex-col gap-8 px-4 pt-6 pb-10 sm:px-8 sm:pt-10">
      <header className="flex flex-wrap items-end justify-between gap-x-6 gap-y-4">
        <div className="flex min-w-0 flex-col gap-2">
          {eyebrow ? <div className="text-sm font-semibold text-muted">{eyebrow}</div> : null}
          <h1 className="display text-2xl break-words">{title}</h1>
          {intro ? <p className="max-w-2xl text-muted">{intro}</p> : null}
        </div>
        {actions ? <div className="flex flex-wrap gap-3">{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}

export function Waiting() {
  return (
    <div aria-hidden className="flex flex-col gap-4">
      <Skeleton className="h-24" />
      <Skeleton className="h-24" />
      <Skeleton className="h-24" />
    </div>
  );
}

/** What stands in the place of something that did not load; for others than its keepers it is not there. */
export function Failure({ error, retry }: { error: unknown; retry: () => void }) {
  const { t } = useLingui();
  if (error instanceof ApiError && (error.status === 403 || error.status === 404)) {
    return <NotForYou />;
  }
  return (
    <EmptyState
      icon={<CloudAlert />}
      title={t`This could not be loaded`}
      actions={<Button onPress={retry}>{t`Try again`}</Button>}
    >
      {errorText(error)}
    </EmptyState>
  );
}
