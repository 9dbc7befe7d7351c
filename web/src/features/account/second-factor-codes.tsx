import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import { errorText } from "@/shared/lib/error-text";
import { Switch } from "@/shared/ui/switch";
import { toast } from "@/shared/ui/toast";
import { CodeForm, type CodeMethod, TextMessageForm } from "./code-form";
import type { SecondFactorProps } from "./second-factors";
import { holdTicket } from "./ticket";
import { useEnter } from "./use-auth";

/** What a form needs that takes the code, and asks whether this device may do without next time. */
function useSecondStep(method: CodeMethod, { ticket, next }: SecondFactorProps) {
  const { t } = useLingui();
  const enter = useEnter(next);
  const [trust, setTrust] = useState(false);
  const proof = useMutation({
    mutationFn: (code: string) =>
      data(api.POST("/api/v1/auth/mfa/verify", { body: { ticket, method, code, trust_device: trust } })),
    onSuccess: enter,
    onError: (error) => {
      if (!(error instanceof ApiError) || error.code !== "ticket_over") return;
      holdTicket(null);
      toast(errorText(error), "error");
    },
  });
  const children = (
    <Switch
      label={t`Trust this device`}
      help={t`For 30 days it needs no second factor. Only for a device of your own.`}
      checked={trust}
      onChange={setTrust}
    />
  );
  return { proof, children };
}

export function TotpStep(props: SecondFactorProps) {
  return <CodeForm method="totp" {...useSecondStep("totp", props)} />;
}

export function RecoveryStep(props: SecondFactorProps) {
  return <CodeForm method="recovery" {...useSecondStep("recovery", props)} />;
}

export function TextMessageStep(props: SecondFactorProps) {
  const { ticket } = props;
  const send = () => api.POST("/api/v1/auth/mfa/sms/send", { body: { ticket } });
  return <TextMessageForm {...useSecondStep("sms", props)} send={send} />;
}
