import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { TextField } from "./text-field";

type Props = {
  title: string;
  help: string;
  suggestion: string;
  /** Whether an empty name is an answer too: then the thing goes by its own name again. */
  nameless?: boolean;
  onClose: () => void;
  /** Rejects where the name was not taken; the dialog says why and stays. */
  onName: (name: string) => Promise<void>;
};

/** Asks what something is called. */
export function NameDialog({ title, help, suggestion, nameless = false, onClose, onName }: Props) {
  const { t } = useLingui();
  const form = useId();
  const [name, setName] = useState(suggestion);
  const given = name.trim();
  const save = useMutation({ mutationFn: () => onName(given), onSuccess: onClose });
  return (
    <Dialog
      open
      size="sm"
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button
            variant="primary"
            type="submit"
            form={form}
            isDisabled={!nameless && !given}
            isPending={save.isPending}
          >
            {t`Save`}
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault();
          if (nameless || given) save.mutate();
        }}
      >
        <TextField
          label={t`Name`}
          help={help}
          value={name}
          onChange={setName}
          error={save.error ? errorText(save.error) : null}
          maxLength={64}
          dir="auto"
          autoFocus
        />
      </form>
    </Dialog>
  );
}
