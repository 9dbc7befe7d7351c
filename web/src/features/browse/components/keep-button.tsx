import { useLingui } from "@lingui/react/macro";
import { CircleCheck, Download, LoaderCircle } from "lucide-react";
import { downloads, type QueueItem, useDownloads } from "@/player";
import { useSignedIn } from "@/shared/lib/session";
import { IconButton } from "@/shared/ui/button";
import { sayFailure } from "@/shared/ui/say-failure";

type Props = { items: () => QueueItem[]; ids: readonly string[]; from: { id: string; title: string } };

/** Keeps an album, a playlist or a track on this device, to be heard without the network; pressed again it goes. */
export function KeepButton({ items, ids, from }: Props) {
  const { t } = useLingui();
  const signedIn = useSignedIn();
  const kept = useDownloads((state) => state.kept);
  if (!signedIn || ids.length === 0) return null;
  const name = from.title;
  const states = ids.map((id) => kept?.get(id)?.state);
  const here = states.every((state) => state === "ready");
  const coming = !here && states.some((state) => state === "waiting" || state === "loading");
  const label = here
    ? t`Remove ${name} from this device`
    : coming
      ? t`${name} is on its way to this device; stop it`
      : t`Keep ${name} on this device`;
  const press = () => {
    const act = here || coming ? downloads.forget(ids) : downloads.keep(items(), from);
    act.catch(sayFailure);
  };
  const Icon = here ? CircleCheck : coming ? LoaderCircle : Download;
  return (
    <IconButton label={label} size="lg" pressed={here} onPress={press}>
      <Icon aria-hidden className={coming ? "size-5 animate-spin text-muted" : "size-5 text-muted"} />
    </IconButton>
  );
}
