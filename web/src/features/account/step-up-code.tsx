import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { api } from "@/shared/api/client";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { CodeField } from "@/shared/ui/code-field";
import { toast } from "@/shared/ui/toast";
import type { StepUpProps } from "./step-up-methods";

type CodeFormProps = StepUpProps & { method: "totp" | "sms" | "recovery"; help: string };

function CodeForm({ method, help, onProven }: CodeFormProps) {
  const { t } = useLingui();
  const [code, setCode] = useState("");
  const prove = useMutation({
    mutationFn: () => api.POST("/api/v1/auth/step-up", { body: { method, code } }),
    onSuccess: onProven,
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (code.trim()) prove.mutate();
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
      <CodeField
        letters={method === "recovery"}
        value={code}
        onChange={setCode}
        help={help}
        error={prove.isError ? errorText(prove.error) : null}
        autoFocus
      />
      <Button type="submit" variant="primary" isPending={prove.isPending} isDisabled={!code.trim()}>
        {t`Continue`}
      </Button>
    </form>
  );
}

export function StepUpTotp(props: StepUpProps) {
  const { t } = useLingui();
  return <CodeForm {...props} method="totp" help={t`Your authenticator app shows it now.`} />;
}

export function StepUpRecovery(props: StepUpProps) {
  const { t } = useLingui();
  return <CodeForm {...props} method="recovery" help={t`One from the list that you kept. Each works once.`} />;
}

export function StepUpTextMessage(props: StepUpProps) {
  const { t } = useLingui();
  const text = useMutation({
    mutationFn: () => api.POST("/api/v1/auth/step-up/sms"),
    onError: (error) => toast(errorText(error), "error"),
  });
  const asked = useRef(false);
  const { mutate } = text;
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    mutate();
  }, [mutate]);
  return (
    <>
      <CodeForm
        {...props}
        method="sms"
        help={text.isSuccess ? t`It was sent to your telephone.` : t`It is being sent to your telephone.`}
      />
      <Button variant="ghost" className="-ms-5 self-start" onPress={() => mutate()} isPending={text.isPending}>
        {t`Send another code`}
      </Button>
    </>
  );
}
