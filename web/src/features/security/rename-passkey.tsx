import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "@/shared/api/client";
import type { Passkey } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { TextField } from "@/shared/ui/text-field";

type Props = { passkey: Passkey; suggestion: string; onClose: () => void; onRenamed: () => Promise<void> };

/** Names a passkey so that its owner knows which of their devices it is on. */
export function RenamePasskey({ passkey, suggestion, onClose, onRenamed }: Props) {
  const { t } = useLingui();
  const [name, setName] = useState(suggestion);
  const rename = useMutation({
    mutationFn: () =>
      data(
        api.PUT("/api/v1/users/me/passkeys/{passkey_id}", {
          params: { path: { passkey_id: passkey.id } },
          body: { name: name.trim() },
        }),
      ),
    onSuccess: async () => {
      await onRenamed();
      onClose();
    },
  });
  return (
    <Dialog
      open
      size="sm"
      onClose={onClose}
      title={t`Name this passkey`}
      actions={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button
            variant="primary"
            type="submit"
            form="rename-passkey"
            isDisabled={!name.trim()}
            isPending={rename.isPending}
          >
            {t`Save`}
          </Button>
        </>
      }
    >
      <form
        id="rename-passkey"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) rename.mutate();
        }}
      >
        <TextField
          label={t`Name`}
          help={t`For example the device that it is on.`}
          value={name}
          onChange={setName}
          error={rename.error ? errorText(rename.error) : null}
          maxLength={64}
          dir="auto"
          autoFocus
        />
      </form>
    </Dialog>
  );
}
