import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Cable, ChevronRight, EyeOff, ShieldCheck } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { Label, Radio, RadioGroup } from "react-aria-components/RadioGroup";
import { playerSettings } from "@/player";
import { cx } from "@/shared/lib/class-names";
import { activate, isLocale, LOCALE_NAMES, LOCALES, type Locale } from "@/shared/lib/i18n";
import { setPreferences, type ThemeChoice, usePreferences } from "@/shared/lib/preferences";
import { useSignedIn } from "@/shared/lib/session";
import { errorText } from "@/shared/lib/error-text";
import { Page } from "@/shared/ui/page";
import { Section } from "@/shared/ui/section";
import { Select } from "@/shared/ui/select";
import { Switch } from "@/shared/ui/switch";
import { toast } from "@/shared/ui/toast";
import { ProfileSettings } from "./profile";

type Choice<T extends string> = { id: T; label: string; detail?: string; swatch?: string };

function Choices<T extends string>(props: {
  label: string;
  value: T;
  choices: readonly Choice<T>[];
  onChange: (value: T) => void;
}) {
  const { label, value, choices, onChange } = props;
  return (
    <RadioGroup
      value={value}
      onChange={(next) => {
        const chosen = choices.find((choice) => choice.id === next);
        if (chosen) onChange(chosen.id);
      }}
      className="flex flex-col gap-3"
    >
      <Label className="font-semibold">{label}</Label>
      <div className="grid gap-2 sm:grid-cols-2">
        {choices.map((choice) => (
          <Radio
            key={choice.id}
            value={choice.id}
            className="group flex min-h-14 cursor-pointer items-center gap-3 rounded-lg border border-line-strong/60 bg-raised px-4 py-3 transition-colors hover:bg-hover data-[selected]:border-accent data-[selected]:bg-accent-soft"
          >
            <span
              aria-hidden
              className="grid size-5 shrink-0 place-items-center rounded-full border-2 border-line-strong group-data-[selected]:border-accent-text"
            >
              <span className="size-2.5 rounded-full group-data-[selected]:bg-accent-text" />
            </span>
            <span className="flex min-w-0 flex-1 flex-col">
              <span className="font-semibold">{choice.label}</span>
              {choice.detail ? <span className="text-sm text-muted">{choice.detail}</span> : null}
            </span>
            {choice.swatch ? (
              <span
                data-theme={choice.swatch}
                aria-hidden
                className={cx("flex h-8 w-12 items-end gap-0.5 rounded-sm border border-line bg-surface p-1.5")}
              >
                <span className="h-2 w-2 rounded-[2px] bg-second" />
                <span className="h-4 w-2 rounded-[2px] bg-accent" />
                <span className="ms-auto h-1 w-3 rounded-full bg-ink" />
              </span>
            ) : null}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

function Language() {
  const { t, i18n } = useLingui();
  const [pending, setPending] = useState(false);
  async function choose(locale: Locale) {
    setPending(true);
    try {
      await activate(locale);
      setPreferences({ locale });
    } catch (error) {
      toast(errorText(error), "error");
    } finally {
      setPending(false);
    }
  }
  return (
    <Select
      label={t`Language`}
      options={LOCALES.map((locale) => ({ id: locale, label: LOCALE_NAMES[locale] }))}
      value={isLocale(i18n.locale) ? i18n.locale : "en"}
      onChange={(locale) => void choose(locale)}
      disabled={pending}
      className="max-w-sm"
    />
  );
}

function Playback() {
  const { t } = useLingui();
  const settings = useSyncExternalStore(playerSettings.subscribe, playerSettings.get);
  const signedIn = useSignedIn();
  return (
    <>
      <Choices
        label={t`Even loudness`}
        value={settings.loudness}
        onChange={(loudness) => playerSettings.set({ loudness })}
        choices={[
          { id: "track", label: t`Per track`, detail: t`Every track is equally loud.` },
          { id: "album", label: t`Per album`, detail: t`Quiet tracks of an album stay quiet.` },
          { id: "off", label: t`Off`, detail: t`As it was mastered.` },
        ]}
      />
      <Choices
        label={t`Audio quality`}
        value={settings.quality}
        onChange={(quality) => playerSettings.set({ quality })}
        choices={[
          { id: "auto", label: t`Automatic`, detail: t`Follows your connection.` },
          { id: "data_saver", label: t`Data saver`, detail: t`64 kbit/s, about 30 MB an hour.` },
          { id: "high", label: t`High`, detail: t`320 kbit/s, about 145 MB an hour.` },
          { id: "lossless", label: t`Lossless`, detail: t`FLAC, where the artist uploaded it.` },
        ]}
      />
      {signedIn ? (
        <Switch
          label={t`Play what is marked explicit`}
          help={t`Switched off, such tracks are passed over on all your devices and in your apps.`}
          checked={settings.explicit}
          onChange={(explicit) => playerSettings.set({ explicit })}
        />
      ) : null}
    </>
  );
}

function AccountLinks() {
  const { t } = useLingui();
  const links = [
    {
      to: "/settings/security",
      icon: ShieldCheck,
      label: t`Security`,
      detail: t`Password, devices, second factors, keys.`,
    },
    { to: "/settings/privacy", icon: EyeOff, label: t`Privacy`, detail: t`Your data, consent, deletion.` },
    { to: "/settings/connections", icon: Cable, label: t`Connections`, detail: t`ListenBrainz, Last.fm, apps.` },
  ] as const;
  return (
    <Section title={t`Account`}>
      <ul className="grid gap-2 sm:grid-cols-2">
        {links.map(({ to, icon: Icon, label, detail }) => (
          <li key={to}>
            <Link
              to={to}
              className="flex h-full min-h-14 items-center gap-4 rounded-lg border border-line-strong/60 bg-raised px-4 py-3 transition-colors hover:bg-hover"
            >
              <Icon aria-hidden className="size-6 shrink-0 text-accent-text" />
              <span className="flex min-w-0 flex-1 flex-col">
                <span className="font-semibold">{label}</span>
                <span className="text-sm text-muted">{detail}</span>
              </span>
              <ChevronRight aria-hidden className="flip-rtl size-5 shrink-0 text-muted" />
            </Link>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function SettingsPage() {
  const { t } = useLingui();
  const theme = usePreferences((state) => state.theme);
  const reducedMotion = usePreferences((state) => state.reducedMotion);
  const singleKeys = usePreferences((state) => state.singleKeys);
  const signedIn = useSignedIn();
  const themes: Choice<ThemeChoice>[] = [
    { id: "system", label: t`Like the system` },
    { id: "dark", label: t`Dark`, swatch: "dark" },
    { id: "light", label: t`Light`, swatch: "light" },
    { id: "contrast", label: t`High contrast`, swatch: "contrast" },
  ];
  return (
    <Page title={t`Settings`}>
      <ProfileSettings />
      {signedIn ? <AccountLinks /> : null}
      <Section title={t`Appearance`}>
        <Language />
        <Choices label={t`Theme`} value={theme} choices={themes} onChange={(next) => setPreferences({ theme: next })} />
        <Switch
          label={t`Less motion`}
          help={t`Nothing slides, fades or pulses.`}
          checked={reducedMotion}
          onChange={(on) => setPreferences({ reducedMotion: on })}
        />
      </Section>
      <Section title={t`Playback`}>
        <Playback />
      </Section>
      <Section title={t`Keyboard`}>
        <Switch
          label={t`Shortcuts of a single key`}
          help={t`Space, M, N and so on. Switch them off if you dictate; ctrl or ⌘ with K always works.`}
          checked={singleKeys}
          onChange={(on) => setPreferences({ singleKeys: on })}
        />
      </Section>
    </Page>
  );
}
