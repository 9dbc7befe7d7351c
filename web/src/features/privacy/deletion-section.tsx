import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api, data, loseSession } from "@/shared/api/client";
import { useMe } from "@/shared/api/me";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Section } from "@/shared/ui/section";
import { TextField } from "@/shared/ui/text-field";
import { toast } from "@/shared/ui/toast";

/** Leaving for good. */
export function DeletionSection() {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  return (
    <Section
      id="deletion"
      title={t`Leave for good`}
      intro={t`You are signed out everywhere at once. For a while you can still have everything back; then it is erased.`}
    >
      <ul className="flex list-disc flex-col gap-1.5 ps-5 text-sm text-muted">
        <li>{t`Your profile and your music are out of sight at once, and gone when the time is over.`}</li>
        <li>{t`Artists that you manage with others stay with them.`}</li>
        <li>{t`Plays stay counted, without saying that it was you.`}</li>
      </ul>
      <Button variant="danger" className="self-start" onPress={() => setOpen(true)}>
        {t`Delete my account`}
      </Button>
      {open ? <Confirm onClose={() => setOpen(false)} /> : null}
    </Section>
  );
}

function Confirm({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const me = useMe();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const handle = me?.handle ?? "";
  const leave = useMutation({
    mutationFn: () => data(api.DELETE("/api/v1/users/me")),
    onSuccess: async ({ erased_at }) => {
      await navigate({ to: "/deletion", search: { until: erased_at }, replace: true });
      loseSession("logout");
    },
    onError: (error) => toast(errorText(error), "error"),
  });
  const right = handle !== "" && typed.trim().toLowerCase() === handle;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Delete your account?`}
      size="sm"
      role="alertdialog"
      actions={
        <>
          <Button onPress={onClose}>{t`Stay`}</Button>
          <Button variant="danger" isDisabled={!right} isPending={leave.isPending} onPress={() => leave.mutate()}>
            {t`Delete my account`}
          </Button>
        </>
      }
    >
      <p className="text-muted">{t`Take your archive with you first, if you want to keep anything.`}</p>
      <TextField
        label={t`To be sure, write your handle: ${handle}`}
        value={typed}
        onChange={setTyped}
        autoComplete="off"
        dir="ltr"
      />
    </Dialog>
  );
}
