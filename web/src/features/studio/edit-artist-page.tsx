import { Trans, useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ExternalLink } from "lucide-react";
import type { FullArtist } from "@/shared/api/types";
import { queryClient } from "@/shared/lib/query";
import { buttonClasses } from "@/shared/ui/button";
import { artistQuery, putArtistImage, saveArtist } from "./api/queries";
import { ApprovalNotice } from "./components/approval-notice";
import { ArtistBasics, ArtistDetails } from "./components/artist-fields";
import { AliasesField, LinksField, MembersField } from "./components/artist-parts";
import { ContentForm } from "./components/content-form";
import { HistoryLink, SplitLink } from "./components/history-link";
import { NotForYou, useMayEdit } from "./components/may-edit";
import { FormSkeleton, LoadFailed, Panel } from "./components/page";
import { useSaving } from "./components/use-saving";
import { useDraft } from "./model/draft";
import { artistFields, artistRequest } from "./model/fields";

export function EditArtistPage() {
  const { artistId } = useParams({ from: "/studio/artists/$artistId" });
  const artist = useQuery(artistQuery(artistId));
  const may = useMayEdit(artist.data);
  if (artist.isPending || may === null) return <FormSkeleton />;
  if (artist.isError) return <LoadFailed error={artist.error} retry={() => void artist.refetch()} />;
  if (!may) return <NotForYou />;
  return <ArtistForm key={artistId} artist={artist.data} />;
}

function ArtistForm({ artist }: { artist: FullArtist }) {
  const { t } = useLingui();
  const draft = useDraft(artist, artistFields);
  const saving = useSaving(draft, {
    save: (version, changes) => saveArtist(artist.id, version, artistRequest(changes)),
    load: () => queryClient.fetchQuery({ ...artistQuery(artist.id), staleTime: 0 }),
  });
  const { fields, set } = draft;
  return (
    <ContentForm
      title={artist.name}
      source={artist}
      draft={draft}
      saving={saving}
      valid={fields.name.trim() !== ""}
      picture={{
        label: t`Choose a picture`,
        image: artist.image,
        shape: "round",
        send: (picture) => putArtistImage(artist.id, picture),
      }}
      actions={<ArtistActions artist={artist} />}
      notice={<ApprovalNotice artist={artist} />}
    >
      <ArtistBasics draft={draft} error={saving.fieldError} />
      <Panel
        title={t`Other names`}
        hint={t`Names in other scripts and spellings: the artist is found by each of them.`}
      >
        <AliasesField value={fields.aliases} onChange={(aliases) => set("aliases", aliases)} />
      </Panel>
      <Panel title={t`Members`} hint={t`Who plays in this group, as artists of their own.`}>
        <MembersField own={artist.id} value={fields.members} onChange={(members) => set("members", members)} />
      </Panel>
      <Panel title={t`Links`}>
        <LinksField value={fields.links} onChange={(links) => set("links", links)} />
      </Panel>
      <ArtistDetails draft={draft} error={saving.fieldError} />
    </ContentForm>
  );
}

function ArtistActions({ artist }: { artist: FullArtist }) {
  return (
    <>
      <HistoryLink id={artist.id} />
      <SplitLink id={artist.id} />
      {artist.approval === "approved" ? (
        <Link to="/artists/$artistId" params={{ artistId: artist.id }} className={buttonClasses()}>
          <ExternalLink aria-hidden className="flip-rtl size-4" />
          <Trans>Public page</Trans>
        </Link>
      ) : null}
    </>
  );
}
