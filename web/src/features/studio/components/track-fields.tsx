import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { FullTrack } from "@/shared/api/types";
import { Select, TextField } from "@/shared/ui/fields";
import { Switch } from "@/shared/ui/switch";
import { albumsOfArtist } from "@/features/studio/api/queries";
import type { Draft } from "@/features/studio/model/draft";
import type { TrackFields } from "@/features/studio/model/fields";
import { ArtistsField } from "./artists-field";
import { DecimalField, NumberField } from "./number-field";
import { Panel } from "./page";
import { orNone, TextLine } from "./text-line";
import { GenresField, MoodsField, TagsField } from "./word-fields";

const NO_ALBUM = "none";

type Props = { draft: Draft<FullTrack, TrackFields>; error: (name: string) => string | null };

export function TrackBasics({ draft, error }: Props) {
  const { t } = useLingui();
  const { fields, set } = draft;
  return (
    <Panel title={t`The track`}>
      <div className="grid gap-5 sm:grid-cols-[2fr_1fr]">
        <TextField
          label={t`Title`}
          value={fields.title}
          onChange={(title) => set("title", title)}
          error={fields.title.trim() === "" ? t`A track needs a title.` : error("title")}
          required
          dir="auto"
          maxLength={300}
        />
        <TextLine
          label={t`Version`}
          value={fields.version_title}
          onChange={(version) => set("version_title", version)}
          placeholder={t`Such as “live”`}
        />
      </div>
      <ArtistsField value={fields.artists} onChange={(artists) => set("artists", artists)} />
      <AlbumChoice draft={draft} />
      <div className="grid grid-cols-2 gap-5 sm:grid-cols-3">
        <NumberField
          label={t`Track number`}
          value={fields.track_number}
          onChange={(number) => set("track_number", number)}
          error={error("track_number")}
        />
        <NumberField
          label={t`Disc`}
          value={fields.disc_number}
          onChange={(number) => set("disc_number", number)}
          error={error("disc_number")}
        />
        <NumberField
          label={t`Year`}
          value={fields.year}
          onChange={(number) => set("year", number)}
          error={error("year")}
        />
      </div>
      <Switch
        label={t`Explicit`}
        help={t`Contains words that are not for children.`}
        checked={fields.explicit}
        onChange={(on) => set("explicit", on)}
      />
    </Panel>
  );
}

function AlbumChoice({ draft: { fields, set, base } }: Pick<Props, "draft">) {
  const { t } = useLingui();
  const albums = useQuery(albumsOfArtist(base.artist.id)).data ?? [];
  const listed = base.album === null || albums.some((album) => album.id === base.album?.id);
  return (
    <Select
      label={t`Album`}
      value={fields.album_id ?? NO_ALBUM}
      onChange={(id) => set("album_id", id === NO_ALBUM ? null : id)}
      options={[
        { id: NO_ALBUM, label: t`No album` },
        ...(listed || !base.album ? [] : [{ id: base.album.id, label: base.album.title }]),
        ...albums.map(({ id, title }) => ({ id, label: title })),
      ]}
    />
  );
}

export function TrackWords({ draft }: Props) {
  const { t } = useLingui();
  const { fields, set } = draft;
  return (
    <Panel title={t`Genres and words`}>
      <GenresField value={fields.genres} onChange={(genres) => set("genres", genres)} />
      <MoodsField value={fields.moods} onChange={(moods) => set("moods", moods)} />
      <TagsField value={fields.tags} onChange={(tags) => set("tags", tags)} />
      <TextLine
        label={t`Description`}
        value={fields.description}
        onChange={(text) => set("description", text)}
        rows={4}
        most={5000}
      />
    </Panel>
  );
}

/** What few listeners ask for, and what machines know a recording by. */
export function TrackDetails({ draft, error }: Props) {
  const { t } = useLingui();
  const { fields, set } = draft;
  return (
    <Panel title={t`Music and codes`}>
      <div className="grid gap-5 sm:grid-cols-3">
        <DecimalField
          label={t`Beats per minute`}
          value={fields.bpm}
          onChange={(bpm) => set("bpm", bpm)}
          error={error("bpm")}
        />
        <TextLine
          label={t`Key`}
          value={fields.musical_key}
          onChange={(key) => set("musical_key", orNone(key))}
          placeholder={t`Such as “A minor”`}
          most={30}
        />
        <TextLine
          label={t`Language code`}
          value={fields.language}
          onChange={(code) => set("language", orNone(code))}
          error={error("language")}
          placeholder="de"
          most={20}
          code
        />
      </div>
      <div className="grid gap-5 sm:grid-cols-2">
        <TextLine label={t`Work`} value={fields.work} onChange={(work) => set("work", work)} />
        <TextLine label={t`Movement`} value={fields.movement} onChange={(movement) => set("movement", movement)} />
        <TextLine
          label={t`Title of the disc`}
          value={fields.disc_title}
          onChange={(title) => set("disc_title", orNone(title))}
        />
        <TextLine
          label={t`Sorted as`}
          value={fields.sort_title}
          onChange={(title) => set("sort_title", orNone(title))}
        />
        <TextLine label={t`Copyright`} value={fields.copyright} onChange={(text) => set("copyright", text)} />
        <TextLine
          label={t`MusicBrainz id`}
          value={fields.mbid}
          onChange={(mbid) => set("mbid", orNone(mbid))}
          error={error("mbid")}
          most={36}
          code
        />
      </div>
      <TextField
        label={t`ISRC`}
        value={fields.isrc ?? ""}
        onChange={(isrc) => set("isrc", isrc.trim().toUpperCase() || null)}
        help={t`The code of the recording, for example DE-A12-26-00001, where it has one.`}
        error={error("isrc")}
        dir="ltr"
        maxLength={15}
      />
      <TextLine
        label={t`Comment`}
        value={fields.comment}
        onChange={(comment) => set("comment", comment)}
        rows={3}
        most={5000}
      />
    </Panel>
  );
}
