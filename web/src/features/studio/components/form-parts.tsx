import { useLingui } from "@lingui/react/macro";
import { useBlocker } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";

/** Asks before unsaved changes are lost: on the way to another page, and when the tab is closed. */
export function UnsavedGuard({ dirty }: { dirty: boolean }) {
  const { t } = useLingui();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: () => dirty,
    withResolver: true,
  });
  return (
    <ConfirmDialog
      open={blocker.status === "blocked"}
      onClose={() => blocker.reset?.()}
      onConfirm={() => blocker.proceed?.()}
      title={t`Leave without saving?`}
      confirmLabel={t`Discard changes`}
    >
      {t`What you changed on this page has not been saved yet.`}
    </ConfirmDialog>
  );
}

type ConflictNoticeProps = { onKeepMine: () => void; onTakeTheirs: () => void; pending: boolean };

export function ConflictNotice({ onKeepMine, onTakeTheirs, pending }: ConflictNoticeProps) {
  const { t } = useLingui();
  return (
    <div role="alert" className="flex flex-col gap-4 rounded-lg border border-warning bg-warning-soft p-5">
      <div className="flex gap-3">
        <TriangleAlert aria-hidden className="mt-0.5 size-5 shrink-0 text-warning" />
        <div className="flex flex-col gap-1">
          <p className="font-semibold">{t`Somebody else saved this while you were editing`}</p>
          <p className="text-sm text-muted">
            {t`Keep your changes and lay them over theirs, or take their version and lose yours.`}
          </p>
        </div>
      </div>
      <div className="flex flex-wrap gap-3">
        <Button
          variant="primary"
          size="sm"
          onPress={onKeepMine}
          isPending={pending}
        >{t`Save my changes over it`}</Button>
        <Button size="sm" onPress={onTakeTheirs}>{t`Take their version`}</Button>
      </div>
    </div>
  );
}

type SaveBarProps = {
  dirty: boolean;
  pending: boolean;
  onSave: () => void;
  onDiscard: () => void;
};

/** Stays at the lower edge while there is something to save. */
export function SaveBar({ dirty, pending, onSave, onDiscard }: SaveBarProps) {
  const { t } = useLingui();
  if (!dirty && !pending) return null;
  return (
    <div className="sticky bottom-[calc(var(--player-height)+var(--bar-height)+0.75rem)] z-10 flex flex-wrap items-center justify-between gap-3 rounded-lg border border-line bg-overlay p-3 ps-5 shadow-lift">
      <p className="text-sm text-muted" role="status">
        {t`Unsaved changes`}
      </p>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" variant="ghost" onPress={onDiscard}>{t`Discard`}</Button>
        <Button size="sm" variant="primary" isDisabled={!dirty} isPending={pending} onPress={onSave}>
          {t`Save`}
        </Button>
      </div>
    </div>
  );
}
