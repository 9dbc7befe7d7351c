import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { CircleAlert, Hourglass } from "lucide-react";
import type { ReactNode } from "react";
import type { Artist } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { toast } from "@/shared/ui/toast";
import { askAgain, refreshEverything } from "@/features/studio/api/queries";
import { useWords } from "./words";

/** Why an artist does not publish yet, and what can be done about it; nothing where it does. */
export function ApprovalNotice({ artist }: { artist: Artist }) {
  const { t } = useLingui();
  const name = artist.name;
  if (artist.approval === "waiting") {
    return (
      <Notice
        tone="border-line bg-raised"
        icon={<Hourglass className="text-muted" />}
        title={t`${name} waits for approval`}
      >
        {t`You can upload and prepare everything meanwhile. Until it is approved, only those who manage it can see it.`}
      </Notice>
    );
  }
  if (artist.approval === "approved") return null;
  return (
    <Notice
      tone="border-danger bg-danger-soft"
      icon={<CircleAlert className="text-danger" />}
      title={t`${name} was not approved`}
      action={<AskAgain artist={artist} />}
    >
      <bdi>{artist.refused_for}</bdi>
    </Notice>
  );
}

type NoticeProps = { tone: string; icon: ReactNode; title: string; children: ReactNode; action?: ReactNode };

function Notice({ tone, icon, title, children, action }: NoticeProps) {
  return (
    <div className={`flex flex-col gap-4 rounded-lg border p-5 sm:flex-row sm:items-center ${tone}`}>
      <div className="flex min-w-0 flex-1 gap-3">
        <span aria-hidden className="mt-0.5 shrink-0 [&>svg]:size-5">
          {icon}
        </span>
        <div className="flex min-w-0 flex-col gap-1">
          <p className="font-semibold break-words">{title}</p>
          <p className="text-sm break-words">{children}</p>
        </div>
      </div>
      {action}
    </div>
  );
}

function AskAgain({ artist }: { artist: Artist }) {
  const { t } = useLingui();
  const words = useWords();
  const name = artist.name;
  const ask = useMutation({
    mutationFn: () => askAgain(artist.id),
    onSuccess: () => toast(t`Asked again.`, "success"),
    onError: (error) => toast(words.failure(error), "error"),
    onSettled: () => refreshEverything(),
  });
  return (
    <Button
      className="self-start sm:self-center"
      onPress={() => ask.mutate()}
      isPending={ask.isPending}
      aria-label={t`Ask again for ${name}`}
    >
      {t`Ask again`}
    </Button>
  );
}
