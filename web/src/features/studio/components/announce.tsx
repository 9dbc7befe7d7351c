import { Plural, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { toast } from "@/shared/ui/toast";
import { CopyField } from "@/shared/ui/copy-field";
import { Switch } from "@/shared/ui/switch";
import { announceAlbum, preSaveCount, refreshEverything } from "@/features/studio/api/queries";
import { useWords } from "./words";

/** Whether everybody may read of a planned album, and how many wait for it. */
export function Announce({ id, announced }: { id: string; announced: boolean }) {
  const { t } = useLingui();
  const words = useWords();
  const waiting = useQuery(preSaveCount(id));
  const change = useMutation({
    mutationFn: (on: boolean) => announceAlbum(id, on),
    onSuccess: (_saved, on) => toast(on ? t`It is announced` : t`It is not announced any more`, "success"),
    onError: (error) => toast(words.failure(error), "error"),
    onSettled: () => refreshEverything(),
  });
  return (
    <div className="flex max-w-xl flex-col gap-4 border-t border-line pt-4">
      <Switch
        label={t`Announce it`}
        help={t`Everybody sees title, cover, date and the titles of its tracks, and can pre-save it. Nobody hears it before it is out.`}
        checked={change.isPending ? change.variables : announced}
        onChange={(on) => change.mutate(on)}
        disabled={change.isPending}
      />
      {announced ? <CopyField label={t`Its public page`} value={`${window.location.origin}/albums/${id}`} /> : null}
      {waiting.data && (announced || waiting.data.count > 0) ? (
        <p className="text-muted">
          <Plural
            value={waiting.data.count}
            _0="Nobody has pre-saved it yet."
            one="# person has pre-saved it."
            other="# people have pre-saved it."
          />
        </p>
      ) : null}
    </div>
  );
}
