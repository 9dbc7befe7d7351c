import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "@/shared/api/errors";
import { toast } from "@/shared/ui/toast";
import { refreshEverything } from "@/features/studio/api/queries";
import type { Draft } from "@/features/studio/model/draft";
import { useWords } from "./words";

type SavingOptions<Source, Fields> = {
  save: (version: number, changes: Partial<Fields>) => Promise<Source>;
  load: () => Promise<Source>;
};

export type Saving<Source> = {
  submit: () => void;
  pending: boolean;
  /** What somebody else saved meanwhile; null while there is no conflict. */
  conflict: Source | null;
  keepMine: () => void;
  takeTheirs: () => void;
  fieldError: (name: string) => string | null;
};

/** Saves a draft against the version it was made from, and holds up a conflict until a person has decided. */
export function useSaving<Source extends { version: number }, Fields extends object>(
  draft: Draft<Source, Fields>,
  { save, load }: SavingOptions<Source, Fields>,
): Saving<Source> {
  const { t } = useLingui();
  const words = useWords();
  const [conflict, setConflict] = useState<Source | null>(null);
  const mutation = useMutation({
    mutationFn: (version: number) => save(version, draft.changes),
    onSuccess: (saved) => {
      setConflict(null);
      draft.reset(saved);
      toast(t`Saved`, "success");
      void refreshEverything();
    },
    onError: async (error) => {
      if (error instanceof ApiError && error.status === 412) {
        setConflict(await load().catch(() => draft.base));
        return;
      }
      toast(words.failure(error), "error");
    },
  });
  return {
    submit: () => mutation.mutate(draft.base.version),
    pending: mutation.isPending,
    conflict,
    keepMine: () => conflict && mutation.mutate(conflict.version),
    takeTheirs: () => {
      if (conflict) draft.reset(conflict);
      setConflict(null);
    },
    fieldError: (name) => {
      const { error } = mutation;
      return error instanceof ApiError ? (error.field(name)?.detail ?? null) : null;
    },
  };
}
