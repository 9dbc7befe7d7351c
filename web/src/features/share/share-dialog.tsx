import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Share } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { closeSharing, type Sharing } from "@/shared/lib/sharing";
import { Button } from "@/shared/ui/button";
import { CopyField } from "@/shared/ui/copy-field";
import { Dialog } from "@/shared/ui/dialog";
import { Select, TextField } from "@/shared/ui/fields";
import { type Life, makeShare } from "./queries";
import { useLives } from "./use-lives";

/** Makes a link to what somebody wants to share, and shows it. */
export function ShareDialog({ wanted }: { wanted: Sharing }) {
  const { t } = useLingui();
  const form = useId();
  const [description, setDescription] = useState("");
  const [life, setLife] = useState<Life>("never");
  const make = useMutation<Share, Error>({ mutationFn: () => makeShare(wanted.ids, description.trim(), life) });
  const lives = useLives();
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
    <Dialog
      open
      onClose={closeSharing}
      title={t`Share ${name}`}
      actions={
        <>
          <Button onPress={closeSharing}>{t`Cancel`}</Button>
          <Button variant="primary" type="submit" form={form} isPending={make.isPending}>
            {t`Make a link`}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <TextField
          label={t`Some words about it`}
          value={description}
          onChange={setDescription}
          rows={3}
          maxLength={2000}
          dir="auto"
          error={make.error ? errorText(make.error) : null}
        />
        <Select label={t`How long it lasts`} options={lives} value={life} onChange={setLife} />
      </form>
    </Dialog>
  );
}
