import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Album, AlbumCard } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Select, TextField } from "@/shared/ui/fields";
import { albumsOfArtist, createAlbum } from "@/features/studio/api/queries";
import { useWords } from "./words";

type Kind = AlbumCard["album_kind"];
type AlbumDialogProps = { artistId: string; onClose: () => void; onCreated: (album: Album) => void };

export function AlbumDialog({ artistId, onClose, onCreated }: AlbumDialogProps) {
  const { t } = useLingui();
  const words = useWords();
  const client = useQueryClient();
  const [title, setTitle] = useState("");
  const [kind, setKind] = useState<Kind>("album");
  const create = useMutation({
    mutationFn: () => createAlbum({ artist_id: artistId, title: title.trim(), album_kind: kind }),
    onSuccess: async (album) => {
      await client.invalidateQueries({ queryKey: albumsOfArtist(artistId).queryKey });
      void client.invalidateQueries({ queryKey: ["studio", "albums"] });
      onCreated(album);
    },
  });
  return (
    <Dialog
      open
      size="sm"
      onClose={onClose}
      title={t`New album`}
      actions={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button
            variant="primary"
            type="submit"
            form="new-album"
            isDisabled={!title.trim()}
            isPending={create.isPending}
          >
            {t`Create`}
          </Button>
        </>
      }
    >
      <form
        id="new-album"
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (title.trim()) create.mutate();
        }}
      >
        <TextField
          label={t`Title`}
          value={title}
          onChange={setTitle}
          error={create.error ? words.failure(create.error) : null}
          autoFocus
          maxLength={300}
          dir="auto"
        />
        <Select
          label={t`Kind`}
          value={kind}
          onChange={setKind}
          options={(Object.keys(words.albumKind) as Kind[]).map((id) => ({ id, label: words.albumKind[id] }))}
        />
      </form>
    </Dialog>
  );
}
