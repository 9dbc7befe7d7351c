import { useLingui } from "@lingui/react/macro";
import type { FullArtist } from "@/shared/api/types";
import { Select, TextField } from "@/shared/ui/fields";
import type { Draft } from "@/features/studio/model/draft";
import type { ArtistFields } from "@/features/studio/model/fields";
import { Panel } from "./page";
import { orNone, TextLine } from "./text-line";
import { useWords } from "./words";

type Kind = FullArtist["artist_kind"];
type Props = { draft: Draft<FullArtist, ArtistFields>; error: (name: string) => string | null };

/** An empty id is no choice of a list. */
const UNKNOWN = "unknown";

export function ArtistBasics({ draft, error }: Props) {
  const { t } = useLingui();
  const words = useWords();
  const { fields, set } = draft;
  const kinds = Object.entries(words.artistKind).map(([id, label]) => ({ id: id || UNKNOWN, label }));
  return (
    <Panel title={t`The artist`} hint={t`This is what everybody sees on the artist's page.`}>
      <TextField
        label={t`Name`}
        value={fields.name}
        onChange={(name) => set("name", name)}
        error={fields.name.trim() === "" ? t`An artist needs a name.` : error("name")}
        required
        dir="auto"
        maxLength={200}
      />
      <Select
        label={t`Kind`}
        value={fields.artist_kind || UNKNOWN}
        onChange={(kind) => set("artist_kind", (kind === UNKNOWN ? "" : kind) as Kind)}
        options={kinds}
      />
      <TextLine
        label={t`About`}
        value={fields.bio}
        onChange={(bio) => set("bio", bio)}
        error={error("bio")}
        rows={8}
        most={5000}
      />
    </Panel>
  );
}

/** What tells the artist from others, for machines too. */
export function ArtistDetails({ draft, error }: Props) {
  const { t } = useLingui();
  const { fields, set } = draft;
  return (
    <Panel title={t`Order and codes`}>
      <TextLine
        label={t`Sorted as`}
        value={fields.sort_name}
        onChange={(name) => set("sort_name", orNone(name))}
        help={t`Only where it does not stand by its name, such as “Cave, Nick”.`}
      />
      <TextLine
        label={t`Told apart by`}
        value={fields.disambiguation}
        onChange={(text) => set("disambiguation", text)}
        help={t`A few words, where others have the same name.`}
      />
      <TextLine
        label={t`MusicBrainz id`}
        value={fields.mbid}
        onChange={(mbid) => set("mbid", orNone(mbid))}
        error={error("mbid")}
        most={36}
        code
      />
    </Panel>
  );
}
