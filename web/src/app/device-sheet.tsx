import { useLingui } from "@lingui/react/macro";
import { Check, Laptop, MonitorSpeaker, Pencil, Smartphone, Speaker } from "lucide-react";
import { startTransition, useEffect, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { player, type SeenDevice, useDevices } from "@/player";
import { cx } from "@/shared/lib/class-names";
import { IconButton } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { NameDialog } from "@/shared/ui/name-dialog";
import { sayFailure } from "@/shared/ui/say-failure";

const ICONS = { browser: Laptop, computer: Laptop, phone: Smartphone, speaker: Speaker, other: MonitorSpeaker };

/** The music goes on while somebody looks; what is loaded ahead lasts for half a minute. */
const READY_MS = 10_000;

type Shown = Pick<SeenDevice, "id" | "name" | "kind" | "away">;

function Device({
  device,
  state,
  chosen,
  onPress,
  rename,
  onRename,
}: {
  device: Shown;
  state: string;
  chosen: boolean;
  onPress: () => void;
  rename: string;
  onRename: () => void;
}) {
  const Icon = ICONS[device.kind];
  return (
    <li className="flex items-center gap-1">
      <AriaButton
        onPress={onPress}
        isDisabled={device.away}
        aria-current={chosen}
        className={cx(
          "flex min-h-16 min-w-0 flex-1 items-center gap-4 rounded-md px-4 py-2 text-start disabled:cursor-not-allowed disabled:opacity-60",
          chosen ? "bg-accent-soft" : "hover:bg-hover",
        )}
      >
        <Icon aria-hidden className={cx("size-6 shrink-0", chosen && "text-accent-text")} />
        <span className="min-w-0 flex-1">
          <span className={cx("block truncate font-semibold", chosen && "text-accent-text")} dir="auto">
            {device.name}
          </span>
          <span className="block truncate text-sm text-muted">{state}</span>
        </span>
        {chosen ? <Check aria-hidden className="size-5 shrink-0 text-accent-text" /> : null}
      </AriaButton>
      <IconButton label={rename} onPress={onRename} className="text-muted">
        <Pencil aria-hidden className="size-5" />
      </IconButton>
    </li>
  );
}

/** Where the music is, and where else it can go. */
export function DeviceSheet({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const { me, own, others, steered } = useDevices();
  const [renaming, setRenaming] = useState<Shown | null>(null);
  const renameOf = (name: string) => t`Rename ${name}`;
  useEffect(() => {
    player.makeReady();
    const again = setInterval(player.makeReady, READY_MS);
    return () => clearInterval(again);
  }, []);
  const go = (id: string) => {
    player.playOn(id).catch(sayFailure);
    // The music first: drawing the page anew would hold up the request.
    startTransition(onClose);
  };
  if (me === null) return null;
  const said = (device: SeenDevice) => {
    if (device.away) return t`Not here at the moment`;
    return device.playing ? t`Playing` : t`Ready`;
  };
  const here: Shown = { id: me, name: t`This device`, kind: own?.kind ?? "browser", away: false };
  const ownName = own?.name ?? "";
  const atHome = steered === null ? t`The music is here` : t`Bring the music here`;
  if (renaming) {
    const name = renaming.id === me ? ownName : renaming.name;
    return (
      <NameDialog
        title={renameOf(name)}
        help={t`It is called so on all your devices. Without a name it goes by its own.`}
        suggestion={name}
        nameless
        onClose={() => setRenaming(null)}
        onName={(given) => player.renameDevice(renaming.id, given)}
      />
    );
  }
  return (
    <Dialog open onClose={onClose} title={t`Play on…`}>
      <ul className="-mx-2 flex flex-col gap-1">
        <Device
          device={here}
          state={ownName ? t`${atHome} · ${ownName}` : atHome}
          chosen={steered === null}
          onPress={() => (steered === null ? onClose() : go(me))}
          rename={t`Rename this device`}
          onRename={() => setRenaming(here)}
        />
        {others.map((device) => (
          <Device
            key={device.id}
            device={device}
            state={said(device)}
            chosen={device.id === steered?.id}
            onPress={() => (device.id === steered?.id ? onClose() : go(device.id))}
            rename={renameOf(device.name)}
            onRename={() => setRenaming(device)}
          />
        ))}
      </ul>
      {others.length === 0 ? (
        <p className="pt-4 text-sm text-muted">
          {t`Open Antiphon on another device and sign in there: it appears here.`}
        </p>
      ) : null}
    </Dialog>
  );
}
