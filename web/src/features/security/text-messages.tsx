import { Trans, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import type { Factors } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { CodeField } from "@/shared/ui/code-field";
import { Dialog } from "@/shared/ui/dialog";
import { TextField } from "@/shared/ui/text-field";
import { RemoveFactor } from "./remove-factor";

type AddProps = { onClose: () => void; onDone: (codes: readonly string[]) => void };

function AddNumber({ onClose, onDone }: AddProps) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [number, setNumber] = useState("");
  const [code, setCode] = useState("");
  const send = useMutation({
    mutationFn: () => api.POST("/api/v1/auth/mfa/sms/enrol", { body: { number } }),
  });
  const confirm = useMutation({
    mutationFn: () => data(api.POST("/api/v1/auth/mfa/sms/confirm", { body: { code } })),
    onSuccess: (made) => {
      onDone(made.recovery_codes);
      return client.invalidateQueries({ queryKey: ["me"] });
    },
  });
  const wrongNumber = send.error instanceof ApiError ? send.error.field("number")?.code : undefined;
  const numberError =
    wrongNumber === "invalid_number"
      ? t`Begin with + and the country code: +49 151 12345678.`
      : send.isError
        ? errorText(send.error)
        : null;

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!send.isSuccess) send.mutate();
    else if (code.trim()) confirm.mutate();
  }
  return (
    <Dialog open onClose={onClose} title={t`Codes by text message`} size="sm">
      <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
        {send.isSuccess ? (
          <>
            <p className="text-muted">
              <Trans>
                We have sent a code to <bdi>{number}</bdi>.
              </Trans>
            </p>
            <CodeField
              value={code}
              onChange={setCode}
              error={confirm.isError ? errorText(confirm.error) : null}
              autoFocus
            />
          </>
        ) : (
          <TextField
            label={t`Telephone number`}
            value={number}
            onChange={setNumber}
            autoComplete="tel"
            inputMode="tel"
            dir="ltr"
            help={t`With the country code: +49 151 12345678`}
            error={numberError}
            required
            autoFocus
          />
        )}
        <div className="flex justify-end gap-3">
          {send.isSuccess ? <Button onPress={() => send.reset()}>{t`Another number`}</Button> : null}
          <Button type="submit" variant="primary" isPending={send.isPending || confirm.isPending}>
            {send.isSuccess ? t`Switch it on` : t`Send me a code`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type TextMessagesProps = { factors: Factors; show: (codes: readonly string[]) => void };

/** Shown where this installation can send texts, or the person has a number from when it could. */
export function TextMessages({ factors, show }: TextMessagesProps) {
  const { t } = useLingui();
  const [open, setOpen] = useState<"add" | "remove" | null>(null);
  const ending = factors.phone_ending;
  if (!factors.texts_available && !ending) return null;
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
      <div className="flex min-w-0 flex-1 basis-56 flex-col gap-0.5">
        <h3 className="font-semibold">{t`Text messages`}</h3>
        <p className="text-sm text-muted">
          {ending ? (
            <Trans>
              Codes go to the number that ends in <bdi>{ending}</bdi>.
            </Trans>
          ) : (
            t`Weaker than an app: numbers can be taken over. Better than a password alone.`
          )}
        </p>
      </div>
      {ending ? (
        <Button onPress={() => setOpen("remove")}>{t`Remove`}</Button>
      ) : (
        <Button onPress={() => setOpen("add")}>{t`Add a number`}</Button>
      )}
      {open === "add" ? (
        <AddNumber
          onClose={() => setOpen(null)}
          onDone={(codes) => {
            setOpen(null);
            show(codes);
          }}
        />
      ) : null}
      {open === "remove" ? (
        <RemoveFactor
          factor="sms"
          title={t`Remove the telephone?`}
          methods={factors.methods}
          onClose={() => setOpen(null)}
        />
      ) : null}
    </div>
  );
}
