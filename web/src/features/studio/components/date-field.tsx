import { i18n } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import { Select, TextField } from "@/shared/ui/fields";
import { asKnown, dateOf, type KnownDate, monthOf, type Precision, yearOf } from "@/features/studio/model/dates";
import { NumberField } from "./number-field";

type DateFieldProps = {
  label: string;
  date: string | null;
  precision: Precision;
  onChange: (known: KnownDate) => void;
  error: string | null;
};

/** A date as exactly as it is known. */
export function DateField({ label, date, precision, onChange, error }: DateFieldProps) {
  const { t } = useLingui();
  return (
    <div role="group" aria-label={label} className="grid grid-cols-2 gap-x-4 gap-y-2 sm:grid-cols-[10rem_1fr_1fr]">
      <Select
        label={t`Known`}
        value={precision}
        onChange={(next) => onChange(asKnown(date, next))}
        options={[
          { id: "day", label: t`to the day` },
          { id: "month", label: t`to the month` },
          { id: "year", label: t`to the year` },
        ]}
      />
      {precision === "day" ? (
        <TextField
          label={label}
          type="date"
          value={date ?? ""}
          onChange={(day) => onChange({ date: day || null, precision })}
          error={error}
          className="sm:col-span-2"
        />
      ) : (
        <NumberField
          label={label}
          value={yearOf(date)}
          onChange={(year) => onChange({ date: dateOf(year, monthOf(date)), precision })}
          error={error}
        />
      )}
      {precision === "month" ? (
        <Select
          label={t`Month`}
          value={String(monthOf(date))}
          onChange={(month) => onChange({ date: dateOf(yearOf(date), Number(month)), precision })}
          disabled={date === null}
          options={Array.from({ length: 12 }, (_, index) => ({ id: String(index + 1), label: monthName(index) }))}
        />
      ) : null}
    </div>
  );
}

const monthName = (index: number): string =>
  new Intl.DateTimeFormat(i18n.locale, { month: "long", timeZone: "UTC" }).format(Date.UTC(2000, index, 1));
