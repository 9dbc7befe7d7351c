import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { api } from "@/shared/api/client";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { toast } from "@/shared/ui/toast";
import { takenDownQuery } from "./queries";

type Props = { work: { id: string; title: string }; onBack: () => void; className?: string };

/** Lets a work that was taken down be heard again. */
export function BringBack({ work, onBack, className }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const title = work.title;
  const restore = useMutation({
    mutationFn: () => api.POST("/api/v1/content/{content_id}/restore", { params: { path: { content_id: work.id } } }),
    onSuccess: () => toast(t`${title} can be heard again.`, "success"),
    onError: (error) => toast(errorText(error), "error"),
    onSettled: async () => {
      await client.invalidateQueries({ queryKey: takenDownQuery.queryKey, exact: true });
      onBack();
    },
  });
  return (
    <Button
      className={className}
      aria-label={t`Bring back ${title}`}
      onPress={() => restore.mutate()}
      isPending={restore.isPending}
    >
      <Undo2 aria-hidden className="flip-rtl size-4" />
      {t`Bring back`}
    </Button>
  );
}
