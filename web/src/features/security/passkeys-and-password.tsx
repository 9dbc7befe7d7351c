import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "@/shared/api/client";
import type { Passkeys } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { sayFailure } from "@/shared/ui/say-failure";
import { Switch } from "@/shared/ui/switch";
import { toast } from "@/shared/ui/toast";

type Props = { held: Passkeys; onChanged: () => Promise<void> };

/** What a password is still good for once there are passkeys. */
export function PasskeysAndPassword({ held, onChanged }: Props) {
  const { t } = useLingui();
  const asking = useMutation({
    mutationFn: (second_factor: boolean) => data(api.PUT("/api/v1/users/me/passkeys", { body: { second_factor } })),
    onError: sayFailure,
    onSettled: onChanged,
  });
  return (
    <>
      <Switch
        label={t`Ask for a passkey after the password`}
        help={t`Whoever knows your password then still needs one of your devices.`}
        checked={asking.isPending ? asking.variables : held.second_factor}
        disabled={asking.isPending}
        onChange={(wanted) => asking.mutate(wanted)}
      />
      {held.items.some((passkey) => passkey.alone) ? <WithoutPassword onChanged={onChanged} /> : null}
    </>
  );
}

function WithoutPassword({ onChanged }: Pick<Props, "onChanged">) {
  const { t } = useLingui();
  const [asking, ask] = useState(false);
  const removal = useMutation({
    mutationFn: () => api.DELETE("/api/v1/auth/password"),
    onSuccess: () => toast(t`Your account has no password any more.`, "success"),
    onError: sayFailure,
    onSettled: async () => {
      ask(false);
      await onChanged();
    },
  });
  return (
    <>
      <Button className="self-start" onPress={() => ask(true)}>
        {t`Live without a password`}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => ask(false)}
        onConfirm={() => removal.mutate()}
        title={t`Live without a password?`}
        confirmLabel={t`Remove the password`}
        pending={removal.isPending}
      >
        {t`From then on passkeys open your account, and nothing that could be guessed. Have two of them, on different devices.`}
      </ConfirmDialog>
    </>
  );
}
