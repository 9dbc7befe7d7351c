import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Playlist } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Select, TextField } from "@/shared/ui/fields";
import { changePlaylist, type Visibility } from "./queries";
import { useVisibilities } from "./words";

/** Name, comment, and who may see the playlist. */
export function PlaylistDialog({ playlist, onClose }: { playlist: Playlist; onClose: () => void }) {
  const { t } = useLingui();
  const form = useId();
  const [name, setName] = useState(playlist.name);
  const [comment, setComment] = useState(playlist.comment);
  const [visibility, setVisibility] = useState<Visibility>(playlist.visibility);
  const save = useMutation({
    mutationFn: () => changePlaylist(playlist.id, { name: name.trim(), comment, visibility }),
    onSuccess: onClose,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Edit the playlist`}
      actions={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button variant="primary" type="submit" form={form} isDisabled={!name.trim()} isPending={save.isPending}>
            {t`Save`}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim()) save.mutate();
        }}
      >
        <TextField
          label={t`Name`}
          value={name}
          onChange={setName}
          maxLength={300}
          dir="auto"
          autoFocus
          error={save.error ? errorText(save.error) : null}
        />
        <TextField label={t`Comment`} value={comment} onChange={setComment} rows={3} maxLength={5000} dir="auto" />
        <Select label={t`Who may see it`} options={useVisibilities()} value={visibility} onChange={setVisibility} />
      </form>
    </Dialog>
  );
}
