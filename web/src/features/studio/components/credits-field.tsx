import { useLingui } from "@lingui/react/macro";
import type { Credit } from "@/shared/api/types";
import { Select, TextField } from "@/shared/ui/fields";
import { RowList } from "./row-list";
import { useWords } from "./words";

type CreditsFieldProps = { value: readonly Credit[]; onChange: (credits: Credit[]) => void };

/** Who did what. */
export function CreditsField({ value, onChange }: CreditsFieldProps) {
  const { t } = useLingui();
  const words = useWords();
  const roles = [...new Set([...words.roles, ...value.map((credit) => credit.role)])];
  return (
    <RowList
      rows={value}
      onChange={onChange}
      addLabel={t`Add a credit`}
      removeLabel={(number) => t`Remove credit ${number}`}
      empty={() => ({ name: "", role: "performer", artist_id: null })}
      render={(credit, change, number) => (
        <div className="grid gap-2 sm:grid-cols-[1fr_14rem]">
          <TextField
            label={t`Name ${number}`}
            value={credit.name}
            // Another name is another person: the link to a profile does not go with it.
            onChange={(name) => change({ name, artist_id: null })}
            maxLength={200}
            dir="auto"
          />
          <Select
            label={t`Role ${number}`}
            value={credit.role}
            onChange={(role) => change({ role })}
            options={roles.map((id) => ({ id, label: words.role(id) }))}
          />
        </div>
      )}
    />
  );
}
