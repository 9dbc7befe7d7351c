import { useLingui } from "@lingui/react/macro";
import { TextField } from "./text-field";

type CodeFieldProps = {
  label?: string;
  value: string;
  onChange: (value: string) => void;
  help?: string | undefined;
  error?: string | null;
  autoFocus?: boolean;
  /** A recovery code has letters too. */
  letters?: boolean;
};

/** The digits of a code as the server counts them, whatever was pasted around them. */
export const digitsOf = (typed: string): string => typed.replace(/[^\p{Nd}]/gu, "");

/** For a code from an app, a text message or a list. Browsers and telephones offer to fill it in. */
export function CodeField({ label, letters = false, value, onChange, help, error, autoFocus }: CodeFieldProps) {
  const { t } = useLingui();
  return (
    <TextField
      label={label ?? (letters ? t`Recovery code` : t`Code of six digits`)}
      value={value}
      onChange={onChange}
      name="code"
      autoComplete={letters ? "off" : "one-time-code"}
      inputMode={letters ? "text" : "numeric"}
      maxLength={40}
      dir="ltr"
      required
      autoFocus={autoFocus ?? false}
      error={error ?? null}
      help={help}
      className="max-w-xs [&_input]:text-lg [&_input]:tracking-[0.2em] [&_input]:tabular-nums"
    />
  );
}
