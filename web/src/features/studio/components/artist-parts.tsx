import { useLingui } from "@lingui/react/macro";
import type { FullArtist } from "@/shared/api/types";
import { TextField } from "@/shared/ui/fields";
import type { Member } from "@/features/studio/model/fields";
import { ArtistPicker } from "./artist-picker";
import { NumberField } from "./number-field";
import { RowList } from "./row-list";

type Alias = FullArtist["aliases"][number];
type Link = FullArtist["links"][number];

export function AliasesField({ value, onChange }: { value: readonly Alias[]; onChange: (aliases: Alias[]) => void }) {
  const { t } = useLingui();
  return (
    <RowList
      rows={value}
      onChange={onChange}
      addLabel={t`Add a name`}
      removeLabel={(number) => t`Remove name ${number}`}
      empty={() => ({ name: "", language: null })}
      render={(alias, change, number) => (
        <div className="grid grid-cols-[1fr_7rem] gap-2">
          <TextField
            label={t`Other name ${number}`}
            value={alias.name}
            onChange={(name) => change({ name })}
            maxLength={300}
            dir="auto"
          />
          <TextField
            label={t`Language code`}
            value={alias.language ?? ""}
            onChange={(code) => change({ language: code.trim().toLowerCase() || null })}
            placeholder="de"
            maxLength={3}
            dir="ltr"
          />
        </div>
      )}
    />
  );
}

export function LinksField({ value, onChange }: { value: readonly Link[]; onChange: (links: Link[]) => void }) {
  const { t } = useLingui();
  return (
    <RowList
      rows={value}
      onChange={onChange}
      addLabel={t`Add a link`}
      removeLabel={(number) => t`Remove link ${number}`}
      empty={() => ({ url: "", name: "" })}
      render={(link, change, number) => (
        <div className="grid gap-2 sm:grid-cols-2">
          <TextField
            label={t`Address ${number}`}
            type="url"
            value={link.url}
            onChange={(url) => change({ url: url.trim() })}
            placeholder="https://"
            maxLength={500}
            dir="ltr"
          />
          <TextField
            label={t`Called`}
            value={link.name ?? ""}
            onChange={(name) => change({ name })}
            maxLength={100}
            dir="auto"
          />
        </div>
      )}
    />
  );
}

type MembersProps = { own: string; value: readonly Member[]; onChange: (members: Member[]) => void };

/** Who belongs to a group, as what, and in which years. */
export function MembersField({ own, value, onChange }: MembersProps) {
  const { t } = useLingui();
  return (
    <div className="flex flex-col gap-4">
      <RowList
        rows={value}
        onChange={onChange}
        addLabel=""
        removeLabel={(number) => t`Remove member ${number}`}
        render={(member, change) => (
          <div className="grid grid-cols-2 gap-2 sm:grid-cols-[1fr_6rem_6rem]">
            <TextField
              label={member.name}
              value={member.role}
              onChange={(role) => change({ role })}
              placeholder={t`Plays what, such as drums`}
              maxLength={60}
              dir="auto"
              className="col-span-2 sm:col-span-1"
            />
            <NumberField
              label={t`From year`}
              value={member.since_year}
              onChange={(since_year) => change({ since_year })}
              error={null}
            />
            <NumberField
              label={t`To year`}
              value={member.until_year}
              onChange={(until_year) => change({ until_year })}
              error={null}
            />
          </div>
        )}
      />
      <ArtistPicker
        label={t`Add a member`}
        without={[own]}
        onPick={({ id, name }) =>
          onChange([...value, { artist_id: id, name, role: "", since_year: null, until_year: null }])
        }
      />
    </div>
  );
}
