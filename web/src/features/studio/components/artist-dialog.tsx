import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { aboutQuery } from "@/shared/api/about";
import type { Artist } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { TextField } from "@/shared/ui/fields";
import { createArtist, myArtists } from "@/features/studio/api/queries";
import { useWords } from "./words";

export function ArtistDialog({ onClose, onCreated }: { onClose: () => void; onCreated: (artist: Artist) => void }) {
  const { t } = useLingui();
  const words = useWords();
  const client = useQueryClient();
  const looked = useQuery(aboutQuery).data?.artist_approval === "required";
  const [name, setName] = useState("");
  const create = useMutation({
    mutationFn: createArtist,
    onSuccess: (artist) => {
      client.setQueryData(myArtists.queryKey, (artists) => [...(artists ?? []), artist]);
      onCreated(artist);
    },
  });
  return (
    <Dialog
      open
      size="sm"
      onClose={onClose}
      title={t`New artist profile`}
      actions={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button
            variant="primary"
            type="submit"
            form="new-artist"
            isDisabled={!name.trim()}
            isPending={create.isPending}
          >
            {t`Create`}
          </Button>
        </>
      }
    >
      <form
        id="new-artist"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) create.mutate(name.trim());
        }}
      >
        <TextField
          label={t`Artist name`}
          help={
            looked
              ? t`The public name your music appears under. Somebody looks at the profile before you can publish.`
              : t`The public name your music appears under. You can add a picture and a text later.`
          }
          value={name}
          onChange={setName}
          error={create.error ? words.failure(create.error) : null}
          autoFocus
          maxLength={200}
          dir="auto"
        />
      </form>
    </Dialog>
  );
}
