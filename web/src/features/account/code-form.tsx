import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { CodeField, digitsOf } from "@/shared/ui/code-field";
import { Spinner } from "@/shared/ui/progress";
import { toast } from "@/shared/ui/toast";
import { FormError } from "./auth-card";
import { refusalText } from "./refusal";

const CODE_LENGTH = 6;

export type CodeMethod = "totp" | "sms" | "recovery";

type CodeFormProps = {
  method: CodeMethod;
  /** Where the code goes: a mutation. */
  proof: { mutate: (code: string) => void; reset: () => void; isPending: boolean; error: unknown };
  help?: string;
  /** What else is asked, before the code. */
  children?: ReactNode;
};

/** Asks for one code, and sends six digits as soon as they are there. */
export function CodeForm({ method, proof, help, children }: CodeFormProps) {
  const { t } = useLingui();
  const [code, setCode] = useState("");
  const kept = t`One from the list that you kept. Each works once.`;
  const shown = t`Your authenticator app shows it now.`;

  function type(typed: string) {
    setCode(typed);
    proof.reset();
    if (method !== "recovery" && digitsOf(typed).length === CODE_LENGTH && digitsOf(code).length < CODE_LENGTH)
      proof.mutate(typed);
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    if (code.trim() && !proof.isPending) proof.mutate(code);
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
      <FormError>{refusalText(proof.error)}</FormError>
      {children}
      <CodeField
        letters={method === "recovery"}
        value={code}
        onChange={type}
        help={help ?? (method === "recovery" ? kept : shown)}
        autoFocus
      />
      <Button type="submit" variant="primary" size="lg" isPending={proof.isPending}>
        {proof.isPending ? <Spinner /> : null}
        {t`Continue`}
      </Button>
    </form>
  );
}

/** `CodeForm` for a code that `send` has sent: at once, and again when asked to. */
export function TextMessageForm({ send, ...form }: Omit<CodeFormProps, "method"> & { send: () => Promise<unknown> }) {
  const { t } = useLingui();
  const text = useMutation({ mutationFn: send, onError: (error) => toast(errorText(error), "error") });
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
        {...form}
        method="sms"
        help={text.isSuccess ? t`It was sent to your telephone.` : t`It is being sent to your telephone.`}
      />
      <Button variant="ghost" className="-ms-5 self-start" onPress={() => mutate()} isPending={text.isPending}>
        {t`Send another code`}
      </Button>
    </>
  );
}
