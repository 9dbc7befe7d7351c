import { i18n } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import { useMemo } from "react";
import { Switch } from "@/shared/ui/switch";
import { countryNames } from "@/features/studio/model/countries";
import { WordsField } from "./words-field";

type Props = { value: readonly string[] | null; onChange: (codes: string[] | null) => void };

/** Where an album may be heard: everywhere, or in some countries only. */
export function CountriesField({ value, onChange }: Props) {
  const { t } = useLingui();
  const { locale } = i18n;
  const countries = useMemo(() => countryNames(locale), [locale]);
  const nameOf = (code: string): string => countries.find((one) => one.code === code)?.name ?? code;
  const codeOf = (text: string): string | undefined =>
    countries.find(({ code, name }) => name.toLowerCase() === text.toLowerCase() || code === text.toUpperCase())?.code;
  return (
    <div className="flex flex-col gap-4">
      <Switch
        label={t`Only in some countries`}
        help={t`Elsewhere it is not offered. Without this it may be heard everywhere.`}
        checked={value !== null}
        onChange={(on) => onChange(on ? [] : null)}
      />
      {value === null ? null : (
        <WordsField
          label={t`Countries`}
          placeholder={t`Type a country and press Enter`}
          chosenLabel={t`Chosen countries`}
          value={value.map(nameOf)}
          onChange={(names) => onChange([...new Set(names.map(codeOf).filter((code) => code !== undefined))].sort())}
          known={countries.map((one) => one.name)}
          most={250}
        />
      )}
    </div>
  );
}
