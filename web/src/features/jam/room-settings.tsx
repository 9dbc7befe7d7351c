import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { QrCode, Share2 } from "lucide-react";
import { useState } from "react";
import type { Jam, JamOptions } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { dateAndTime } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { CopyField } from "@/shared/ui/copy-field";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { Skeleton } from "@/shared/ui/progress";
import { Switch } from "@/shared/ui/switch";
import { sayFailure } from "@/shared/ui/say-failure";
import { endJam, linkPicture, newLink, setOptions, takeLinkBack } from "./queries";
import { room } from "./session";

/** For whoever stands beside one with a camera. */
function Picture({ jam, code }: { jam: Jam; code: string }) {
  const { t } = useLingui();
  const picture = useQuery({ queryKey: ["jam-link", jam.id, code], queryFn: () => linkPicture(jam.id) });
  if (picture.isError) return <p className="text-sm text-danger">{errorText(picture.error)}</p>;
  if (picture.isPending) return <Skeleton className="size-48" />;
  return (
    <img
      src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(picture.data.qr_svg)}`}
      alt={t`QR code of the link into the room`}
      className="size-48 rounded-md bg-white"
    />
  );
}

function Invitation({ jam }: { jam: Jam }) {
  const { t } = useLingui();
  const link = useMutation({
    mutationFn: (wanted: boolean) => (wanted ? newLink(jam.id) : takeLinkBack(jam.id)),
    onSuccess: room.take,
    onError: sayFailure,
  });
  const [shown, setShown] = useState(false);
  const found = jam.link;
  const until = found ? dateAndTime(found.expires_at) : "";
  const host = jam.role === "host";
  return (
    <section aria-labelledby="invitation" className="flex flex-col gap-3">
      <h2 id="invitation" className="display text-lg">{t`Invite others`}</h2>
      {found ? (
        <>
          <CopyField label={t`Link into the room`} value={found.url} />
          <p className="text-sm text-muted">{t`It lets people in until ${until}.`}</p>
          {shown ? <Picture jam={jam} code={found.code} /> : null}
        </>
      ) : (
        <p className="text-sm text-muted">{t`No link leads into this room now.`}</p>
      )}
      <div className="flex flex-wrap gap-3">
        {found && "share" in navigator ? (
          <Button size="sm" onPress={() => void navigator.share({ url: found.url }).catch(() => undefined)}>
            <Share2 aria-hidden className="size-4" />
            {t`Share`}
          </Button>
        ) : null}
        {found ? (
          <Button size="sm" aria-expanded={shown} onPress={() => setShown(!shown)}>
            <QrCode aria-hidden className="size-4" />
            {t`QR code`}
          </Button>
        ) : null}
        {host ? (
          <Button size="sm" onPress={() => link.mutate(true)} isPending={link.isPending}>
            {t`Make a new link`}
          </Button>
        ) : null}
        {host && found ? (
          <Button size="sm" onPress={() => link.mutate(false)} isPending={link.isPending}>
            {t`Take the link back`}
          </Button>
        ) : null}
      </div>
    </section>
  );
}

/** How one comes in, and what everybody may do here. */
export function RoomSettings({ jam }: { jam: Jam }) {
  const { t } = useLingui();
  const [ending, setEnding] = useState(false);
  const change = useMutation({
    mutationFn: (more: Partial<JamOptions>) => setOptions(jam.id, { ...jam.options, ...more }),
    onSuccess: room.take,
    onError: sayFailure,
  });
  const end = useMutation({ mutationFn: () => endJam(jam.id), onError: sayFailure });
  const options: [keyof JamOptions, string][] = [
    ["everybody_adds", t`Everybody adds tracks`],
    ["everybody_controls", t`Everybody plays, pauses and skips`],
    ["by_votes", t`Votes order what comes`],
    ["locked", t`Let nobody new in`],
  ];
  return (
    <>
      <Invitation jam={jam} />
      {jam.role === "host" ? (
        <section aria-labelledby="options" className="flex flex-col gap-2">
          <h2 id="options" className="display text-lg">{t`In this room`}</h2>
          {options.map(([name, label]) => (
            <Switch
              key={name}
              label={label}
              checked={jam.options[name] ?? false}
              onChange={(on) => change.mutate({ [name]: on })}
            />
          ))}
          <Button variant="danger" size="sm" className="mt-2 self-start" onPress={() => setEnding(true)}>
            {t`End the room for everybody`}
          </Button>
          <ConfirmDialog
            open={ending}
            onClose={() => setEnding(false)}
            onConfirm={() => end.mutate()}
            title={t`End the room for everybody?`}
            confirmLabel={t`End it`}
            pending={end.isPending}
          >
            {t`The music stops for all who are here, and the link leads nowhere any more.`}
          </ConfirmDialog>
        </section>
      ) : null}
    </>
  );
}
