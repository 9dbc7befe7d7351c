import { Plural, useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Copy, Download, Printer } from "lucide-react";
import { useState } from "react";
import { api, data } from "@/shared/api/client";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog, Dialog } from "@/shared/ui/dialog";
import { sayFailure } from "@/shared/ui/say-failure";
import { toast } from "@/shared/ui/toast";
import { factorsQuery } from "./factor-queries";

const FILE_NAME = "antiphon-recovery-codes.txt";

function download(text: string) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  link.download = FILE_NAME;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** The ten codes, which the server will not tell again; open until the person says that they are kept. */
export function RecoveryCodesDialog({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const { t } = useLingui();
  const text = `${codes.join("\n")}\n`;
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      toast(t`Copied`, "success");
    } catch {
      toast(t`Your browser does not let us copy. Select the codes, or download them.`, "error");
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      role="alertdialog"
      title={t`Your recovery codes`}
      actions={
        <Button variant="primary" onPress={onClose}>
          {t`I have kept them`}
        </Button>
      }
    >
      <p className="text-muted">
        {t`Each of them lets you in once when you have lost your telephone. Keep them where you find them without it. They are shown only now.`}
      </p>
      <ol dir="ltr" className="printed grid grid-cols-2 gap-x-6 gap-y-2 rounded-md bg-sunken p-5 font-mono text-base">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div className="flex flex-wrap gap-2">
        <Button size="sm" onPress={() => void copy()}>
          <Copy aria-hidden className="size-4" />
          {t`Copy`}
        </Button>
        <Button size="sm" onPress={() => download(text)}>
          <Download aria-hidden className="size-4" />
          {t`Download`}
        </Button>
        <Button size="sm" onPress={() => window.print()}>
          <Printer aria-hidden className="size-4" />
          {t`Print`}
        </Button>
      </div>
    </Dialog>
  );
}

/** How many are left, and ten new ones. */
export function RecoveryCodesLeft({ left, show }: { left: number; show: (codes: readonly string[]) => void }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [asking, ask] = useState(false);
  const make = useMutation({
    mutationFn: () => data(api.POST("/api/v1/auth/mfa/recovery-codes")),
    onSuccess: (made) => {
      ask(false);
      show(made.recovery_codes);
      return client.invalidateQueries({ queryKey: factorsQuery.queryKey });
    },
    onError: sayFailure,
  });
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
      <div className="flex flex-col gap-0.5">
        <h3 className="font-semibold">{t`Recovery codes`}</h3>
        <p className={left < 3 ? "text-sm font-medium text-danger" : "text-sm text-muted"}>
          <Plural value={left} _0="None left. Make new ones." one="# left. Make new ones soon." other="# left" />
        </p>
      </div>
      <Button onPress={() => ask(true)}>{t`Make new ones`}</Button>
      <ConfirmDialog
        open={asking}
        onClose={() => ask(false)}
        onConfirm={() => make.mutate()}
        pending={make.isPending}
        title={t`Make new recovery codes?`}
        confirmLabel={t`Make new ones`}
      >
        {t`The codes that you have now stop working.`}
      </ConfirmDialog>
    </div>
  );
}
