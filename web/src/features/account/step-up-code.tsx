import { useMutation } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import { CodeForm, type CodeMethod, TextMessageForm } from "./code-form";
import type { StepUpProps } from "./step-up-methods";

function useProof(method: CodeMethod, { onProven }: StepUpProps) {
  return useMutation({
    mutationFn: (code: string) => api.POST("/api/v1/auth/step-up", { body: { method, code } }),
    onSuccess: onProven,
  });
}

export function StepUpTotp(props: StepUpProps) {
  return <CodeForm method="totp" proof={useProof("totp", props)} />;
}

export function StepUpRecovery(props: StepUpProps) {
  return <CodeForm method="recovery" proof={useProof("recovery", props)} />;
}

export function StepUpTextMessage(props: StepUpProps) {
  return <TextMessageForm proof={useProof("sms", props)} send={() => api.POST("/api/v1/auth/step-up/sms")} />;
}
