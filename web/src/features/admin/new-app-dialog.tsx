import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import type { App, NewApp } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { onlyChangedTheirMind } from "@/shared/ui/say-failure";
import { Switch } from "@/shared/ui/switch";
import { TextField } from "@/shared/ui/text-field";
import { toast } from "@/shared/ui/toast";
import { appsQuery } from "./queries";

type Props = { onMade: (app: App) => void; onClose: () => void };

/** Asks what an app is called, where it may send people back to, and whether it can keep a secret. */
export function NewAppDialog({ onMade, onClose }: Props) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [addresses, setAddresses] = useState("");
  const [confidential, setConfidential] = useState(false);
  const making = useMutation({
    mutationFn: (body: NewApp) => data(api.POST("/api/v1/apps", { body })),
    onSuccess: (made) => {
      const called = made.name;
      onClose();
      onMade(made);
      if (!made.secret) toast(t`${called} is registered.`, "success");
    },
    onSettled: () => client.invalidateQueries({ queryKey: appsQuery.queryKey }),
  });
  const uris = addresses.split(/\s+/).filter(Boolean);
  const ready = name.trim() !== "" && uris.length > 0;
  const failed = making.error && !onlyChangedTheirMind(making.error) ? making.error : null;
  const address = failed instanceof ApiError && failed.code === "invalid_input";

  function submit(event: FormEvent) {
    event.preventDefault();
    if (ready && !making.isPending) making.mutate({ name: name.trim(), redirect_uris: uris, confidential });
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Register an app`}
      actions={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button variant="primary" type="submit" form="new-app" isDisabled={!ready} isPending={making.isPending}>
            {t`Register`}
          </Button>
        </>
      }
    >
      <form id="new-app" onSubmit={submit} className="flex flex-col gap-6" noValidate>
        <TextField
          label={t`Name`}
          help={t`People read it when the app asks them.`}
          value={name}
          onChange={setName}
          error={failed && !address ? errorText(failed) : null}
          maxLength={100}
          dir="auto"
          autoFocus
          required
        />
        <TextField
          label={t`Addresses that it sends people back to`}
          help={t`One a line: https://…, http://127.0.0.1/… (there any port will do), or an app's private scheme.`}
          value={addresses}
          onChange={setAddresses}
          error={
            address ? t`At most ten, each https://…, http://127.0.0.1/… or an app's private scheme, without a #.` : null
          }
          rows={3}
          dir="ltr"
          required
        />
        <Switch
          label={t`It runs on a server`}
          help={t`Then it gets a secret. A program on people's devices cannot keep one.`}
          checked={confidential}
          onChange={setConfidential}
        />
      </form>
    </Dialog>
  );
}
