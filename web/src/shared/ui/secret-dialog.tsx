import { useLingui } from "@lingui/react/macro";
import { Button } from "./button";
import { CopyField } from "./copy-field";
import { Dialog } from "./dialog";

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
      <CopyField label={name} value={secret} />
      <p className="text-sm text-muted">{hint}</p>
    </Dialog>
  );
}
