import { Plural, useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Split } from "lucide-react";
import { useState } from "react";
import type { Album } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { queryClient } from "@/shared/lib/query";
import { Button } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { TextField } from "@/shared/ui/fields";
import { toast } from "@/shared/ui/toast";
import { Checkbox } from "@/features/studio/components/checkbox";
import { NotForYou, useMayEdit } from "@/features/studio/components/may-edit";
import { Panel } from "@/features/studio/components/page";
import { useAllPages } from "@/features/studio/components/use-all";
import { inRecordOrder } from "@/features/studio/model/fields";
import { albumQuery, albumsBy, artistQuery, splitAlbum, splitArtist } from "./api";
import { Failure, KeepingPage, Waiting } from "./components/page";
import { SubjectLink } from "./components/subject";
import { subjectKind } from "./model/subject";

/** An album of which a part is another one, or an artist who is two. */
export function SplitPage() {
  const { t } = useLingui();
  const { contentId } = useParams({ from: "/keeping/split/$contentId" });
  const kind = subjectKind(contentId);
  return (
    <KeepingPage
      title={t`Split`}
      eyebrow={<SubjectLink id={contentId} />}
      intro={
        kind === "album"
          ? t`The tracks you choose become an album of their own, as public as this one.`
          : t`The albums you choose get an artist of their own, with the same people managing it.`
      }
    >
      {kind === "album" ? <OfAlbum id={contentId} /> : null}
      {kind === "artist" ? <OfArtist id={contentId} /> : null}
    </KeepingPage>
  );
}

function OfAlbum({ id }: { id: string }) {
  const { t } = useLingui();
  const album = useQuery(albumQuery(id));
  const may = useMayEdit(album.data);
  const navigate = useNavigate();
  if (album.isError) return <Failure error={album.error} retry={() => void album.refetch()} />;
  if (album.isPending || may === null) return <Waiting />;
  if (!may) return <NotForYou />;
  const split = async (title: string, ids: string[]): Promise<void> => {
    const made = await splitAlbum(id, title, ids);
    void navigate({ to: "/studio/albums/$albumId", params: { albumId: made.id } });
  };
  return (
    <Parts
      label={t`Title of the new album`}
      items={inRecordOrder(album.data.tracks).map(({ id: track, title }) => ({ id: track, name: title }))}
      onSplit={split}
    />
  );
}

function OfArtist({ id }: { id: string }) {
  const { t } = useLingui();
  const artist = useQuery(artistQuery(id));
  const may = useMayEdit(artist.data);
  const albums = useInfiniteQuery(albumsBy(id));
  useAllPages(albums);
  const navigate = useNavigate();
  const failed = artist.error ?? albums.error;
  if (failed) return <Failure error={failed} retry={() => void queryClient.invalidateQueries()} />;
  if (artist.isPending || albums.isPending || may === null) return <Waiting />;
  if (!may) return <NotForYou />;
  const split = async (name: string, ids: string[]): Promise<void> => {
    const made = await splitArtist(id, name, ids, []);
    void navigate({ to: "/studio/artists/$artistId", params: { artistId: made.id } });
  };
  const items = (albums.data?.pages ?? []).flatMap((page) => page.items);
  return (
    <Parts
      label={t`Name of the new artist`}
      items={items.map(({ id: album, title }: Pick<Album, "id" | "title">) => ({ id: album, name: title }))}
      onSplit={split}
    />
  );
}

type PartsProps = {
  label: string;
  items: readonly { id: string; name: string }[];
  onSplit: (name: string, ids: string[]) => Promise<void>;
};

function Parts({ label, items, onSplit }: PartsProps) {
  const { t } = useLingui();
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const split = useMutation({
    mutationFn: () => onSplit(name.trim(), [...chosen]),
    onSuccess: () => {
      toast(t`Split off`, "success");
      void queryClient.invalidateQueries();
    },
  });
  if (items.length === 0) return <EmptyState icon={<Split />} title={t`There is nothing to split`} />;
  const toggle = (id: string, on: boolean): void => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <Panel title={t`What becomes another one`}>
      <ul className="flex flex-col">
        {items.map((item) => (
          <li key={item.id} className="flex border-b border-line last:border-b-0">
            <Checkbox label={item.name} checked={chosen.has(item.id)} onChange={(on) => toggle(item.id, on)}>
              <span dir="auto">{item.name}</span>
            </Checkbox>
          </li>
        ))}
      </ul>
      <TextField label={label} value={name} onChange={setName} maxLength={300} dir="auto" className="max-w-md" />
      {split.isError ? (
        <p role="alert" className="rounded-md bg-danger-soft px-4 py-3 text-sm text-danger">
          {errorText(split.error)}
        </p>
      ) : null}
      <Button
        variant="primary"
        className="self-start"
        isDisabled={name.trim() === "" || chosen.size === 0}
        isPending={split.isPending}
        onPress={() => split.mutate()}
      >
        <Plural value={chosen.size} one="Split # off" other="Split # off" />
      </Button>
    </Panel>
  );
}
