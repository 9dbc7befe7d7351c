import { useLingui } from "@lingui/react/macro";
import { BANDS_HZ, MOST_BAND_DB, playerSettings, PRESET_NAMES, type PresetName, PRESETS, presetOf } from "@/player";
import { signedDecimal } from "@/shared/lib/format";
import { Select } from "@/shared/ui/select";
import { Slider } from "@/shared/ui/slider";
import { Switch } from "@/shared/ui/switch";
import { usePlayerSettings } from "./use-player-settings";

function usePresetNames(): Record<PresetName, string> {
  const { t } = useLingui();
  return {
    flat: t`Flat`,
    bass: t`More bass`,
    treble: t`More treble`,
    quiet: t`Quiet listening`,
    voice: t`Voices`,
    acoustic: t`Acoustic`,
    electronic: t`Electronic`,
    rock: t`Rock`,
    classical: t`Classical`,
    headphones: t`Small headphones`,
  };
}

/** One band: a native range that stands upright, with its figure above and its frequency below. */
function Band({ hertz, db, onChange }: { hertz: number; db: number; onChange: (db: number) => void }) {
  const { t } = useLingui();
  const short = hertz < 1000 ? String(hertz) : `${hertz / 1000}k`;
  const gain = signedDecimal(db);
  return (
    <div className="flex min-w-0 flex-col items-center gap-1.5">
      <span aria-hidden className="numbers text-xs text-muted">
        {gain}
      </span>
      <input
        type="range"
        aria-label={t`${hertz} hertz`}
        aria-valuetext={t`${gain} decibels`}
        min={-MOST_BAND_DB}
        max={MOST_BAND_DB}
        step={0.5}
        value={db}
        onChange={(event) => onChange(Number(event.target.value))}
        className="upright-range h-36 w-6 cursor-pointer pointer-coarse:w-full"
      />
      <span aria-hidden className="numbers text-xs text-muted">
        {short}
      </span>
    </div>
  );
}

export function EqualiserPanel() {
  const { t } = useLingui();
  const { equaliser } = usePlayerSettings();
  const names = usePresetNames();
  const preset = presetOf(equaliser.bandsDb);
  const change = (part: Partial<typeof equaliser>) =>
    playerSettings.set({ equaliser: { ...equaliser, on: true, ...part } });
  const preamp = signedDecimal(equaliser.preampDb);
  return (
    <section className="flex flex-col gap-4">
      <Switch
        label={t`Equaliser`}
        help={t`Raised bands never clip: the whole is lowered by as much.`}
        checked={equaliser.on}
        onChange={(on) => change({ on })}
      />
      <Select
        label={t`Preset`}
        options={PRESET_NAMES.map((id) => ({ id, label: names[id] }))}
        value={preset}
        placeholder={t`Your own`}
        onChange={(name) => change({ bandsDb: [...PRESETS[name]] })}
      />
      <div role="group" aria-label={t`Bands`} dir="ltr" className="grid grid-cols-10 gap-1">
        {BANDS_HZ.map((hertz, band) => (
          <Band
            key={hertz}
            hertz={hertz}
            db={equaliser.bandsDb[band] ?? 0}
            onChange={(db) => change({ bandsDb: equaliser.bandsDb.map((old, at) => (at === band ? db : old)) })}
          />
        ))}
      </div>
      <div className="flex flex-col gap-1">
        <p aria-hidden className="flex justify-between text-sm">
          <span className="font-semibold">{t`Preamplifier`}</span>
          <bdi dir="ltr" className="numbers text-muted">{t`${preamp} dB`}</bdi>
        </p>
        <Slider
          label={t`Preamplifier`}
          min={-MOST_BAND_DB}
          max={MOST_BAND_DB}
          step={0.5}
          value={equaliser.preampDb}
          valueText={(db) => {
            const gain = signedDecimal(db);
            return t`${gain} decibels`;
          }}
          onChange={(preampDb) => change({ preampDb })}
        />
      </div>
    </section>
  );
}
