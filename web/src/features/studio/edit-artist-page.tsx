import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import type { Artist } from "@/shared/api/types";
import { queryClient } from "@/shared/lib/query";
import { buttonClasses } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/fields";
import { artistQuery, putArtistImage, saveArtist } from "./api/queries";
import { ApprovalNotice } from "./components/approval-notice";
import { ConflictNotice, SaveBar, UnsavedGuard } from "./components/form-parts";
import { HistoryLink } from "./components/history-link";
import { FormSkeleton, LoadFailed, Panel, StudioPage } from "./components/page";
import { PictureField } from "./components/picture-field";
import { useSaving } from "./components/use-saving";
import { useDraft } from "./model/draft";
import { artistFields } from "./model/fields";

export function EditArtistPage() {
  const { artistId } = useParams({ from: "/studio/artists/$artistId" });
  const artist = useQuery(artistQuery(artistId));
  if (artist.isPending) return <FormSkeleton />;
  if (artist.isError) return <LoadFailed error={artist.error} retry={() => void artist.refetch()} />;
  return <ArtistForm key={artistId} artist={artist.data} />;
}

function ArtistForm({ artist }: { artist: Artist }) {
  const { t } = useLingui();
  const draft = useDraft(artist, artistFields);
  const saving = useSaving(draft, {
    save: (version, changes) => saveArtist(artist.id, version, changes),
    load: () => queryClient.fetchQuery({ ...artistQuery(artist.id), staleTime: 0 }),
  });
  const { fields, set } = draft;
  const approved = artist.approval === "approved";
  const valid = fields.name.trim() !== "";
  const publicPage = (
    <Link to="/artists/$artistId" params={{ artistId: artist.id }} className={buttonClasses()}>
      <ExternalLink aria-hidden className="flip-rtl size-4" />
      <Trans>Public page</Trans>
    </Link>
  );
  return (
    <StudioPage
      title={artist.name}
      back={{ to: "/studio", label: t`My music` }}
      actions={
        <>
          <HistoryLink id={artist.id} />
          {approved ? publicPage : null}
        </>
      }
    >
      <ApprovalNotice artist={artist} />
      <UnsavedGuard dirty={draft.dirty} />
      {saving.conflict ? (
        <ConflictNotice onKeepMine={saving.keepMine} onTakeTheirs={saving.takeTheirs} pending={saving.pending} />
      ) : null}
      <div className="grid items-start gap-8 md:grid-cols-[16rem_1fr]">
        <PictureField
          label={t`Choose a picture`}
          image={artist.image}
          seed={artist.id}
          shape="round"
          send={(picture) => putArtistImage(artist.id, picture)}
          onSaved={(saved) => {
            if (!draft.dirty) draft.reset(saved);
          }}
        />
        <Panel title={t`The artist`} hint={t`This is what everybody sees on the artist's page.`}>
          <TextField
            label={t`Name`}
            value={fields.name}
            onChange={(name) => set("name", name)}
            error={valid ? saving.fieldError("name") : t`An artist needs a name.`}
            required
            dir="auto"
            maxLength={200}
          />
          <TextField
            label={t`About`}
            value={fields.bio}
            onChange={(bio) => set("bio", bio)}
            error={saving.fieldError("bio")}
            rows={8}
            dir="auto"
            maxLength={5000}
          />
        </Panel>
      </div>
      <SaveBar
        dirty={draft.dirty}
        pending={saving.pending}
        onDiscard={() => draft.reset(artist)}
        onSave={() => valid && saving.submit()}
      />
    </StudioPage>
  );
}
