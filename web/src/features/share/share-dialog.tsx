import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import type { Share } from "@/shared/api/types";
import { closeSharing, type Sharing } from "@/shared/lib/sharing";
import { Button } from "@/shared/ui/button";
import { CopyField } from "@/shared/ui/copy-field";
import { Dialog } from "@/shared/ui/dialog";
import { type Life, makeShare } from "./queries";
import { ShareForm } from "./share-form";

/** Makes a link to what somebody wants to share, and shows it. */
export function ShareDialog({ wanted }: { wanted: Sharing }) {
  const { t } = useLingui();
  const make = useMutation<Share, Error, { description: string; life: Life }>({
    mutationFn: ({ description, life }) => makeShare(wanted.ids, description, life),
  });
  const name = wanted.name;
  if (make.data) {
    return (
      <Dialog
        open
        onClose={closeSharing}
        title={t`The link is ready`}
        actions={<Button variant="primary" onPress={closeSharing}>{t`Done`}</Button>}
      >
        <CopyField label={t`Link`} value={make.data.url} />
        <p className="text-sm text-muted">
          {t`Whoever has it hears this without an account. You find it again under Shared links in the menu of your account.`}
        </p>
      </Dialog>
    );
  }
  return (
    <ShareForm
      title={t`Share ${name}`}
      action={t`Make a link`}
      pending={make.isPending}
      error={make.error}
      onSubmit={(description, life) => make.mutate({ description, life })}
      onClose={closeSharing}
    />
  );
}
