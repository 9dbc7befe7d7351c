import { useLingui } from "@lingui/react/macro";
import { Plus, Trash2 } from "lucide-react";
import type { Credit } from "@/shared/api/types";
import { Button, IconButton } from "@/shared/ui/button";
import { Select, TextField } from "@/shared/ui/fields";
import { useWords } from "./words";

type CreditsFieldProps = { value: readonly Credit[]; onChange: (credits: Credit[]) => void };

/** Who did what. */
export function CreditsField({ value, onChange }: CreditsFieldProps) {
  const { t } = useLingui();
  const words = useWords();
  const change = (at: number, credit: Partial<Credit>): void =>
    onChange(value.map((other, index) => (index === at ? { ...other, ...credit } : other)));
  const roles = [...new Set([...words.roles, ...value.map((credit) => credit.role)])];
  return (
    <div className="flex flex-col gap-3">
      {value.length > 0 ? (
        <ul className="flex flex-col gap-3">
          {value.map((credit, index) => {
            const number = index + 1;
            return (
              <li key={index} className="grid grid-cols-[1fr_auto] items-end gap-2 sm:grid-cols-[1fr_14rem_auto]">
                <TextField
                  label={t`Name ${number}`}
                  value={credit.name}
                  // Another name is another person: the link to a profile does not go with it.
                  onChange={(name) => change(index, { name, artist_id: null })}
                  maxLength={200}
                  dir="auto"
                  className="col-span-2 sm:col-span-1"
                />
                <Select
                  label={t`Role ${number}`}
                  value={credit.role}
                  onChange={(role) => change(index, { role })}
                  options={roles.map((id) => ({ id, label: words.role(id) }))}
                />
                <IconButton
                  label={t`Remove credit ${number}`}
                  className="mb-0.5"
                  onPress={() => onChange(value.filter((_, other) => other !== index))}
                >
                  <Trash2 aria-hidden className="size-5" />
                </IconButton>
              </li>
            );
          })}
        </ul>
      ) : null}
      <Button
        size="sm"
        className="self-start"
        onPress={() => onChange([...value, { name: "", role: "performer", artist_id: null }])}
      >
        <Plus aria-hidden className="size-4" />
        {t`Add a credit`}
      </Button>
    </div>
  );
}
