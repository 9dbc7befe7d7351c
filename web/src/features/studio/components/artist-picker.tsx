import { useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ComboBox } from "react-aria-components/ComboBox";
import { Input, Label } from "react-aria-components/TextField";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import type { ArtistRef } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { fieldClasses } from "@/shared/ui/fields";
import { itemClasses, overlayClasses } from "@/shared/ui/overlay";
import { artistsNamed, myArtists } from "@/features/studio/api/queries";

type PickerProps = {
  label: string;
  /** Those who are chosen already are not offered again. */
  without: readonly string[];
  onPick: (artist: ArtistRef) => void;
};

/** Finds an artist by name, among all and among one's own that nobody sees yet. */
export function ArtistPicker({ label, without, onPick }: PickerProps) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const typed = text.trim();
  const own = useQuery(myArtists).data ?? [];
  const found =
    useQuery({ ...artistsNamed(typed), enabled: typed !== "", placeholderData: keepPreviousData }).data ?? [];
  const mine = own.filter((artist) => artist.name.toLowerCase().includes(typed.toLowerCase()));
  const offered = new Map([...mine, ...(typed ? found : [])].map((artist) => [artist.id, artist]));
  for (const id of without) offered.delete(id);
  return (
    <ComboBox
      inputValue={text}
      onInputChange={setText}
      items={[...offered.values()]}
      selectedKey={null}
      onSelectionChange={(key) => {
        const artist = key === null ? undefined : offered.get(String(key));
        if (!artist) return;
        onPick({ id: artist.id, name: artist.name });
        setText("");
      }}
      defaultFilter={() => true}
      allowsEmptyCollection
      menuTrigger="input"
      className="flex flex-col gap-1.5"
    >
      <Label className="text-sm font-semibold">{label}</Label>
      <Input dir="auto" placeholder={t`Type a name`} className={fieldClasses} />
      <Popover className={cx("w-(--trigger-width) overflow-auto p-1.5", overlayClasses)}>
        <ListBox
          className="outline-none"
          renderEmptyState={() => <p className="px-3 py-2 text-sm text-muted">{t`No artist has this name.`}</p>}
        >
          {(artist: ArtistRef) => (
            <ListBoxItem id={artist.id} textValue={artist.name} className={itemClasses}>
              <span className="truncate" dir="auto">
                {artist.name}
              </span>
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
