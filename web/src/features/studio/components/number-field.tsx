import { useState } from "react";
import { TextField } from "@/shared/ui/fields";
import { decimalOf, whole } from "@/features/studio/model/fields";

type NumberFieldProps = {
  label: string;
  value: number | null;
  onChange: (value: number | null) => void;
  error: string | null;
};

/** A whole number in the digits of any script, or none. */
export function NumberField({ label, value, onChange, error }: NumberFieldProps) {
  return (
    <TextField
      label={label}
      value={value === null ? "" : String(value)}
      onChange={(text) => onChange(whole(text))}
      inputMode="numeric"
      maxLength={4}
      error={error}
    />
  );
}

/** A number that may have a part behind the point. What is typed stays as it is typed. */
export function DecimalField({ label, value, onChange, error }: NumberFieldProps) {
  const [text, setText] = useState(value === null ? "" : String(value));
  const shown = decimalOf(text) === value ? text : value === null ? "" : String(value);
  return (
    <TextField
      label={label}
      value={shown}
      onChange={(typed) => {
        setText(typed);
        onChange(decimalOf(typed));
      }}
      maxLength={8}
      error={error}
      dir="ltr"
    />
  );
}
