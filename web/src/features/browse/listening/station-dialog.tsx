import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { Station } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { TextField } from "@/shared/ui/fields";
import { keepStation } from "./queries";

/** What a station is called, and where it is heard and read about. */
export function StationDialog({ station, onClose }: { station: Station | null; onClose: () => void }) {
  const { t } = useLingui();
  const form = useId();
  const [name, setName] = useState(station?.name ?? "");
  const [stream, setStream] = useState(station?.stream_url ?? "");
  const [home, setHome] = useState(station?.home_page ?? "");
  const whole = name.trim() !== "" && stream.trim() !== "";
  const save = useMutation({
    mutationFn: () => keepStation({ name: name.trim(), stream_url: stream.trim(), home_page: home.trim() }, station),
    onSuccess: onClose,
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={station ? t`Edit the station` : t`Add a station`}
      actions={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button variant="primary" type="submit" form={form} isDisabled={!whole} isPending={save.isPending}>
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
          if (whole) save.mutate();
        }}
      >
        <TextField label={t`Name`} value={name} onChange={setName} maxLength={200} dir="auto" autoFocus />
        <TextField
          label={t`Address of the stream`}
          help={t`The sound itself, such as an MP3 or AAC stream; begins with http.`}
          type="url"
          dir="ltr"
          value={stream}
          onChange={setStream}
          error={save.isError ? errorText(save.error) : null}
        />
        <TextField label={t`Home page (if it has one)`} type="url" dir="ltr" value={home} onChange={setHome} />
      </form>
    </Dialog>
  );
}
