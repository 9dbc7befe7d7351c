import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { api, data } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { CodeField, digitsOf } from "@/shared/ui/code-field";
import { Spinner } from "@/shared/ui/progress";
import { Switch } from "@/shared/ui/switch";
import { toast } from "@/shared/ui/toast";
import { FormError } from "./auth-card";
import { refusalText } from "./refusal";
import type { SecondFactorProps } from "./second-factors";
import { holdTicket } from "./ticket";
import { useEnter } from "./use-auth";

const CODE_LENGTH = 6;

type Method = "totp" | "sms" | "recovery";

function useSecondStep({ ticket, next }: SecondFactorProps) {
  const enter = useEnter(next);
  return useMutation({
    mutationFn: (step: { method: Method; code: string; trust_device: boolean }) =>
      data(api.POST("/api/v1/auth/mfa/verify", { body: { ticket, ...step } })),
    onSuccess: enter,
    onError: (error) => {
      if (!(error instanceof ApiError) || error.code !== "ticket_over") return;
      holdTicket(null);
      toast(errorText(error), "error");
    },
  });
}

/** One code, and whether this device may do without next time. Six digits are sent as soon as they are there. */
function CodeForm({ method, help, ...props }: SecondFactorProps & { method: Method; help: string }) {
  const { t } = useLingui();
  const step = useSecondStep(props);
  const [code, setCode] = useState("");
  const [trust, setTrust] = useState(false);
  const send = (typed: string) => step.mutate({ method, code: typed, trust_device: trust });

  function type(typed: string) {
    setCode(typed);
    step.reset();
    if (method !== "recovery" && digitsOf(typed).length === CODE_LENGTH && digitsOf(code).length < CODE_LENGTH)
      send(typed);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (code.trim() && !step.isPending) send(code);
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
      <FormError>{refusalText(step.error)}</FormError>
      <Switch
        label={t`Trust this device`}
        help={t`For 30 days it needs no second factor. Only for a device of your own.`}
        checked={trust}
        onChange={setTrust}
      />
      <CodeField value={code} onChange={type} letters={method === "recovery"} help={help} autoFocus />
      <Button type="submit" variant="primary" size="lg" isPending={step.isPending}>
        {step.isPending ? <Spinner /> : null}
        {t`Continue`}
      </Button>
    </form>
  );
}

export function TotpStep(props: SecondFactorProps) {
  const { t } = useLingui();
  return <CodeForm {...props} method="totp" help={t`Your authenticator app shows it now.`} />;
}

export function RecoveryStep(props: SecondFactorProps) {
  const { t } = useLingui();
  return <CodeForm {...props} method="recovery" help={t`One from the list that you kept. Each works once.`} />;
}

export function TextMessageStep(props: SecondFactorProps) {
  const { t } = useLingui();
  const { ticket } = props;
  const text = useMutation({
    mutationFn: () => api.POST("/api/v1/auth/mfa/sms/send", { body: { ticket } }),
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
