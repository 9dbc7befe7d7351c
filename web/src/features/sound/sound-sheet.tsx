import { useLingui } from "@lingui/react/macro";
import { MOST_CROSSFADE_S, playerSettings, SPEEDS } from "@/player";
import { count } from "@/shared/lib/format";
import { Dialog } from "@/shared/ui/dialog";
import { Select } from "@/shared/ui/select";
import { Slider } from "@/shared/ui/slider";
import { Switch } from "@/shared/ui/switch";
import { EqualiserPanel } from "./equaliser-panel";
import { SleepPanel } from "./sleep-panel";
import { usePlayerSettings } from "./use-player-settings";

function CrossfadePanel() {
  const { t } = useLingui();
  const { crossfadeS, keepAlbums } = usePlayerSettings();
  const told = (seconds: number) => (seconds === 0 ? t`Off, gapless` : t`${seconds} s`);
  return (
    <section className="flex flex-col gap-2">
      <p aria-hidden className="flex justify-between">
        <span className="font-semibold">{t`Crossfade`}</span>
        <span className="numbers text-muted">{told(crossfadeS)}</span>
      </p>
      <Slider
        label={t`Crossfade`}
        max={MOST_CROSSFADE_S}
        value={crossfadeS}
        valueText={told}
        onChange={(seconds) => playerSettings.set({ crossfadeS: seconds })}
      />
      <Switch
        label={t`Keep albums gapless`}
        help={t`Tracks that follow on an album are never faded.`}
        checked={keepAlbums}
        disabled={crossfadeS === 0}
        onChange={(keep) => playerSettings.set({ keepAlbums: keep })}
      />
    </section>
  );
}

function SpeedPanel() {
  const { t } = useLingui();
  const { speed } = usePlayerSettings();
  return (
    <Select
      label={t`Speed`}
      help={t`The pitch stays as it is.`}
      options={SPEEDS.map((one) => ({ id: String(one), label: `${count(one)}×` }))}
      value={String(speed)}
      onChange={(chosen) => playerSettings.set({ speed: Number(chosen) })}
    />
  );
}

/** How it sounds and when it ends; over the page, so that one hears what one changes. */
export function SoundSheet({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  return (
    <Dialog open onClose={onClose} title={t`Sound`} size="lg">
      <div className="grid gap-x-10 gap-y-8 md:grid-cols-[minmax(0,1.2fr)_minmax(0,1fr)]">
        <EqualiserPanel />
        <div className="flex flex-col gap-8">
          <CrossfadePanel />
          <SpeedPanel />
          <SleepPanel />
        </div>
      </div>
    </Dialog>
  );
}
