import { useLingui } from "@lingui/react/macro";
import type { Album, AlbumCard } from "@/shared/api/types";
import { Select, TextField } from "@/shared/ui/fields";
import { Switch } from "@/shared/ui/switch";
import type { Draft } from "@/features/studio/model/draft";
import type { AlbumFields, DiscTitle } from "@/features/studio/model/fields";
import { ArtistsField } from "./artists-field";
import { CountriesField } from "./countries-field";
import { DateField } from "./date-field";
import { NumberField } from "./number-field";
import { Panel } from "./page";
import { RowList } from "./row-list";
import { orNone, TextLine } from "./text-line";
import { MoodsField, TagsField } from "./word-fields";
import { useWords } from "./words";

type Kind = AlbumCard["album_kind"];
type Props = { draft: Draft<Album, AlbumFields>; error: (name: string) => string | null };

export function AlbumBasics({ draft, error }: Props) {
  const { t } = useLingui();
  const words = useWords();
  const { fields, set } = draft;
  return (
    <Panel title={t`The album`}>
      <TextField
        label={t`Title`}
        value={fields.title}
        onChange={(title) => set("title", title)}
        error={fields.title.trim() === "" ? t`An album needs a title.` : error("title")}
        required
        dir="auto"
        maxLength={300}
      />
      <ArtistsField value={fields.artists} onChange={(artists) => set("artists", artists)} />
      <div className="grid gap-5 sm:grid-cols-2">
        <Select
          label={t`Kind`}
          value={fields.album_kind}
          onChange={(kind) => set("album_kind", kind)}
          options={(Object.keys(words.albumKind) as Kind[]).map((id) => ({ id, label: words.albumKind[id] }))}
        />
        <TextLine
          label={t`Edition`}
          value={fields.edition}
          onChange={(edition) => set("edition", edition)}
          placeholder={t`Such as “Deluxe” or “2011 remaster”`}
        />
      </div>
      <TextLine
        label={t`Description`}
        value={fields.description}
        onChange={(text) => set("description", text)}
        rows={4}
        most={5000}
      />
      <MoodsField value={fields.moods} onChange={(moods) => set("moods", moods)} />
      <TagsField value={fields.tags} onChange={(tags) => set("tags", tags)} />
      <Switch
        label={t`Explicit`}
        help={t`Contains words that are not for children.`}
        checked={fields.explicit}
        onChange={(on) => set("explicit", on)}
      />
      <Switch
        label={t`Compilation`}
        help={t`Put together from the works of several artists, or of several years.`}
        checked={fields.compilation}
        onChange={(on) => set("compilation", on)}
      />
    </Panel>
  );
}

/** When it came out, on which label, and where it may be heard. */
export function AlbumRelease({ draft, error }: Props) {
  const { t } = useLingui();
  const { fields, set } = draft;
  return (
    <Panel title={t`Dates and places`}>
      <DateField
        label={t`Release date`}
        date={fields.release_date}
        precision={fields.release_precision}
        onChange={({ date, precision }) => {
          set("release_date", date);
          set("release_precision", precision);
        }}
        error={error("release_date")}
      />
      <DateField
        label={t`First released`}
        date={fields.original_date}
        precision={fields.original_precision}
        onChange={({ date, precision }) => {
          set("original_date", date);
          set("original_precision", precision);
        }}
        error={error("original_date")}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextLine
          label={t`Label`}
          value={fields.label}
          onChange={(label) => set("label", label)}
          error={error("label")}
        />
        <TextLine
          label={t`Catalogue number`}
          value={fields.catalog_number}
          onChange={(number) => set("catalog_number", number)}
          most={100}
        />
      </div>
      <CountriesField value={fields.territories} onChange={(codes) => set("territories", codes)} />
    </Panel>
  );
}

/** Codes, names of the discs, and how the title is sorted. */
export function AlbumDetails({ draft, error }: Props) {
  const { t } = useLingui();
  const { fields, set } = draft;
  return (
    <Panel title={t`Discs and codes`}>
      <Discs value={fields.discs} onChange={(discs) => set("discs", discs)} />
      <TextLine
        label={t`Sorted as`}
        value={fields.sort_title}
        onChange={(title) => set("sort_title", orNone(title))}
        help={t`Only where it does not stand by its title.`}
      />
      <TextLine
        label={t`UPC or EAN`}
        value={fields.upc}
        onChange={(upc) => set("upc", orNone(upc))}
        error={error("upc")}
        most={14}
        code
      />
      <TextLine
        label={t`MusicBrainz id`}
        value={fields.mbid}
        onChange={(mbid) => set("mbid", orNone(mbid))}
        error={error("mbid")}
        most={36}
        code
      />
      <TextLine
        label={t`MusicBrainz release group`}
        value={fields.release_group_mbid}
        onChange={(mbid) => set("release_group_mbid", orNone(mbid))}
        error={error("release_group_mbid")}
        most={36}
        code
      />
    </Panel>
  );
}

function Discs({ value, onChange }: { value: readonly DiscTitle[]; onChange: (discs: DiscTitle[]) => void }) {
  const { t } = useLingui();
  return (
    <RowList
      rows={value}
      onChange={onChange}
      addLabel={t`Name a disc`}
      removeLabel={(number) => t`Remove the name of disc ${number}`}
      empty={() => ({ disc: value.length + 1, title: "" })}
      render={(disc, change, number) => (
        <div className="grid grid-cols-[5rem_1fr] gap-2">
          <NumberField label={t`Disc`} value={disc.disc} onChange={(at) => change({ disc: at })} error={null} />
          <TextLine label={t`Title of disc ${number}`} value={disc.title} onChange={(title) => change({ title })} />
        </div>
      )}
    />
  );
}
