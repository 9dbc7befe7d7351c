import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "@/shared/api/client";
import { errorText } from "@/shared/lib/error-text";
import { askForPasskey, passkeysPossible } from "@/shared/lib/passkeys";
import { Button } from "@/shared/ui/button";
import { CodeField } from "@/shared/ui/code-field";
import { Dialog } from "@/shared/ui/dialog";
import { sayFailure } from "@/shared/ui/say-failure";
import { toast } from "@/shared/ui/toast";

export type CodeMethod = "totp" | "sms" | "recovery";

type RemoveFactorProps = {
  factor: "totp" | "sms";
  title: string;
  /** The factors whose code the server takes. */
  methods: readonly string[];
  onClose: () => void;
};

/** Takes a factor away; whoever does that shows another, or that one once more. */
export function RemoveFactor({ factor, title, methods, onClose }: RemoveFactorProps) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [method, choose] = useState<CodeMethod>(factor === "sms" && methods.includes("totp") ? "totp" : factor);
  const [code, setCode] = useState("");
  const remove = useMutation({
    mutationFn: () => api.POST(`/api/v1/auth/mfa/${factor}/disable`, { body: { method, code } }),
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: ["me"] });
    },
  });
  const removeByPasskey = useMutation({
    mutationFn: async () => {
      const options = await data(api.POST("/api/v1/auth/passkeys/options", { body: { purpose: "step_up" } }));
      if (!("rpId" in options)) throw new TypeError("these are not options to ask for a passkey");
      const body = { method: "passkey" as const, credential: await askForPasskey(options) };
      return api.POST(`/api/v1/auth/mfa/${factor}/disable`, { body });
    },
    onSuccess: () => {
      onClose();
      return client.invalidateQueries({ queryKey: ["me"] });
    },
    onError: sayFailure,
  });
  const text = useMutation({
    mutationFn: () => api.POST("/api/v1/auth/step-up/sms"),
    onSuccess: () => toast(t`A code is on its way to your telephone.`),
    onError: (error) => toast(errorText(error), "error"),
  });
  const labels: Record<CodeMethod, string> = {
    totp: t`Code from your app`,
    sms: t`Code by text message`,
    recovery: t`Recovery code`,
  };
  const others = (["totp", "sms", "recovery"] as const).filter((one) => one !== method && methods.includes(one));

  function submit(event: FormEvent) {
    event.preventDefault();
    if (code.trim()) remove.mutate();
  }
  function change(next: CodeMethod) {
    choose(next);
    setCode("");
    remove.reset();
    if (next === "sms") text.mutate();
  }
  return (
    <Dialog open onClose={onClose} title={title} size="sm">
      <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
        <p className="text-muted">{t`Your account is less safe without it. Show a code, so that we know that it is you.`}</p>
        <CodeField
          key={method}
          label={labels[method]}
          letters={method === "recovery"}
          value={code}
          onChange={setCode}
          error={remove.isError ? errorText(remove.error) : null}
          autoFocus
        />
        {method === "sms" ? (
          <Button size="sm" className="self-start" onPress={() => text.mutate()} isPending={text.isPending}>
            {t`Send me a code`}
          </Button>
        ) : null}
        <div className="flex flex-wrap justify-between gap-3">
          <div className="flex flex-wrap gap-2">
            {others.map((one) => (
              <Button key={one} size="sm" variant="ghost" onPress={() => change(one)}>
                {labels[one]}
              </Button>
            ))}
            {methods.includes("passkey") && passkeysPossible() ? (
              <Button
                size="sm"
                variant="ghost"
                onPress={() => removeByPasskey.mutate()}
                isPending={removeByPasskey.isPending}
              >
                {t`Passkey`}
              </Button>
            ) : null}
          </div>
          <Button type="submit" variant="danger" isPending={remove.isPending}>
            {t`Remove`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
