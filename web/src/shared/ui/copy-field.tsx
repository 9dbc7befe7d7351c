import { useLingui } from "@lingui/react/macro";
import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { Button } from "./button";
import { labelClasses } from "./field-classes";
import { toast } from "./toast";

const SAID_MS = 2_000;

/** Something made by a machine that a person takes elsewhere: a key, a code, a link. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const { t } = useLingui();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(value);
      setCopied(true);
    } catch {
      // Without HTTPS browsers keep the clipboard to themselves; the text can still be selected.
      toast(t`Select the text and copy it yourself.`, "error");
    }
  }
  return (
    <div className="flex flex-col gap-1.5">
      <bdi className={labelClasses}>{label}</bdi>
      <div className="flex flex-wrap items-center gap-3 rounded-md border border-line-strong/60 bg-sunken p-2 ps-4">
        <code dir="ltr" className="min-w-0 flex-1 text-sm break-all select-all">
          {value}
        </code>
        <Button size="sm" onPress={() => void copy()}>
          {copied ? <Check aria-hidden className="size-4" /> : <Copy aria-hidden className="size-4" />}
          <span aria-live="polite">{copied ? t`Copied` : t`Copy`}</span>
        </Button>
      </div>
    </div>
  );
}
