import { useLingui } from "@lingui/react/macro";
import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { toast } from "@/shared/ui/toast";

type Props = {
  title: string;
  name: string;
  secret: string;
  /** How it is used, in one sentence. */
  hint: string;
  onClose: () => void;
};

/** Shows a secret that nobody can ever show again. A press beside the dialog does not close it. */
export function SecretDialog({ title, name, secret, hint, onClose }: Props) {
  const { t } = useLingui();
  const [copied, setCopied] = useState(false);

  async function copy() {
    try {
      await navigator.clipboard.writeText(secret);
      setCopied(true);
    } catch {
      toast(t`It could not be copied. Select it and copy it yourself.`, "error");
    }
  }

  return (
    <Dialog
      open
      role="alertdialog"
      title={title}
      onClose={onClose}
      actions={
        <Button variant="primary" onPress={onClose}>
          {t`I have kept it`}
        </Button>
      }
    >
      <p className="text-muted">{t`This is shown only now. Keep it where only you can find it.`}</p>
      <div className="flex flex-col gap-1.5">
        <p dir="auto" className="text-sm font-semibold">
          {name}
        </p>
        <code
          dir="ltr"
          className="rounded-md border border-line-strong bg-sunken px-4 py-3 text-start font-mono text-sm break-all select-all"
        >
          {secret}
        </code>
      </div>
      <Button className="self-start" onPress={() => void copy()}>
        {copied ? <Check aria-hidden className="size-5" /> : <Copy aria-hidden className="size-5" />}
        <span aria-live="polite">{copied ? t`Copied` : t`Copy`}</span>
      </Button>
      <p className="text-sm text-muted">{hint}</p>
    </Dialog>
  );
}
