import { useLingui } from "@lingui/react/macro";
import { MonitorSpeaker } from "lucide-react";
import { Button as AriaButton } from "react-aria-components/Button";
import { useDevices } from "@/player";
import { cx } from "@/shared/lib/class-names";
import { IconButton } from "@/shared/ui/button";
import { ActiveDot } from "./player-parts";
import type { Overlay } from "./shell";

/** Guests have no other devices. */
export function DevicesButton({ open }: { open: (overlay: Overlay) => void }) {
  const { t } = useLingui();
  const known = useDevices((state) => state.me !== null);
  const elsewhere = useDevices((state) => state.steered !== null);
  if (!known) return null;
  return (
    <IconButton
      label={t`Play on…`}
      pressed={elsewhere}
      onPress={() => open("devices")}
      className={elsewhere ? "text-accent-text!" : ""}
    >
      <MonitorSpeaker aria-hidden className="size-5" />
      {elsewhere ? <ActiveDot /> : null}
    </IconButton>
  );
}

/** Says that the music is on another device, and on which. */
export function Elsewhere({ open, named = false }: { open: (overlay: Overlay) => void; named?: boolean }) {
  const { t } = useLingui();
  const device = useDevices((state) => state.steered);
  if (device === null) return null;
  const name = device.name;
  return (
    <AriaButton
      onPress={() => open("devices")}
      aria-label={t`On ${name}`}
      className="flex min-h-11 shrink-0 items-center rounded-full"
    >
      <span className="flex items-center gap-2 rounded-full bg-accent-soft px-3 py-1.5 text-sm font-semibold text-accent-text">
        <MonitorSpeaker aria-hidden className="size-4 shrink-0" />
        <span className={cx("truncate", named ? "max-w-48" : "hidden max-w-32 xl:inline")} dir="auto">
          {t`On ${name}`}
        </span>
      </span>
    </AriaButton>
  );
}
