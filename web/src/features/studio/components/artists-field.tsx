import { useLingui } from "@lingui/react/macro";
import { TextField } from "@/shared/ui/fields";
import type { Performer } from "@/features/studio/model/fields";
import { ArtistPicker } from "./artist-picker";
import { RowList } from "./row-list";

type Props = { value: readonly Performer[]; onChange: (artists: Performer[]) => void };

/** All whose work it is, in their order; the first owns it. What stands between two names is kept with the former. */
export function ArtistsField({ value, onChange }: Props) {
  const { t } = useLingui();
  return (
    <div className="flex flex-col gap-4">
      <RowList
        rows={value}
        onChange={onChange}
        addLabel=""
        least={1}
        removeLabel={(number) => t`Remove artist ${number}`}
        moveLabels={{ up: (number) => t`Move artist ${number} up`, down: (number) => t`Move artist ${number} down` }}
        render={(artist, change, number) => (
          <div className="grid gap-2 sm:grid-cols-[1fr_9rem]">
            <TextField
              label={t`Artist ${number}, credited as`}
              value={artist.name}
              onChange={(name) => change({ name })}
              maxLength={300}
              dir="auto"
            />
            {number < value.length ? (
              <TextField
                label={t`Joined by`}
                value={artist.joined_by}
                onChange={(joined_by) => change({ joined_by })}
                placeholder=" feat. "
                maxLength={30}
                dir="auto"
              />
            ) : null}
          </div>
        )}
      />
      <ArtistPicker
        label={t`Add an artist`}
        without={value.map((artist) => artist.id)}
        onPick={({ id, name }) => {
          const before = value.map((artist, index) =>
            index === value.length - 1 && !artist.joined_by ? { ...artist, joined_by: " & " } : artist,
          );
          onChange([...before, { id, name, joined_by: "" }]);
        }}
      />
    </div>
  );
}
