import { useLingui } from "@lingui/react/macro";
import { useId, useState } from "react";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { type Option, Select, TextField } from "@/shared/ui/fields";
import type { Life } from "./queries";
import { useLives } from "./use-lives";

type FormProps<More extends string> = {
  title: string;
  action: string;
  description?: string;
  /** Ways to end besides those that every link has: the first of them all is chosen. */
  before?: readonly Option<More>[];
  after?: readonly Option<More>[];
  pending: boolean;
  error: Error | null;
  onSubmit: (description: string, life: Life | More) => void;
  onClose: () => void;
};

/** What is said about a link, and how long it lasts: where one is made, and where it is changed. */
export function ShareForm<More extends string = never>({
  title,
  action,
  description: said = "",
  before = [],
  after = [],
  pending,
  error,
  onSubmit,
  onClose,
}: FormProps<More>) {
  const { t } = useLingui();
  const form = useId();
  const lives: readonly Option<Life | More>[] = [...before, ...useLives(), ...after];
  const [description, setDescription] = useState(said);
  const [life, setLife] = useState<Life | More>(before[0]?.id ?? "never");
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      actions={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button variant="primary" type="submit" form={form} isPending={pending}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit(description.trim(), life);
        }}
      >
        <TextField
          label={t`Some words about it`}
          value={description}
          onChange={setDescription}
          rows={3}
          maxLength={2000}
          dir="auto"
          error={error ? errorText(error) : null}
        />
        <Select label={t`How long it lasts`} options={lives} value={life} onChange={setLife} />
      </form>
    </Dialog>
  );
}
