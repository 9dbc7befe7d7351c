import type { ReactNode } from "react";
import { TextArea } from "react-aria-components/TextArea";
import { FieldError, Input, Label, Text, TextField as AriaTextField } from "react-aria-components/TextField";
import { cx } from "@/shared/lib/class-names";
import { errorClasses, fieldClasses, helpClasses, labelClasses } from "./field-classes";

type FieldProps = {
  label: string;
  value?: string;
  defaultValue?: string;
  onChange?: (value: string) => void;
  name?: string;
  type?: "text" | "email" | "password" | "url" | "date" | "datetime-local" | "number" | "search";
  help?: ReactNode;
  /** A complaint to show; the field is marked invalid while it is there. */
  error?: string | null | undefined;
  placeholder?: string;
  autoComplete?: string;
  inputMode?: "text" | "numeric" | "tel" | "email" | "url";
  required?: boolean;
  disabled?: boolean;
  autoFocus?: boolean;
  maxLength?: number;
  /** More than one: a text area of that many lines. */
  rows?: number;
  hideLabel?: boolean;
  /** For text that has its own direction (addresses, handles). */
  dir?: "ltr" | "rtl" | "auto";
  className?: string;
};

export function TextField(props: FieldProps) {
  const { label, help, error, required, disabled, rows = 1, hideLabel, placeholder, className, dir, ...rest } = props;
  return (
    <AriaTextField
      {...rest}
      isRequired={required ?? false}
      isDisabled={disabled ?? false}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className={cx("flex flex-col gap-1.5", className)}
    >
      <Label className={hideLabel ? "sr-only" : labelClasses}>{label}</Label>
      {rows > 1 ? (
        <TextArea rows={rows} placeholder={placeholder} dir={dir} className={cx(fieldClasses, "py-3")} />
      ) : (
        <Input placeholder={placeholder} dir={dir} className={fieldClasses} />
      )}
      {help && !error ? (
        <Text slot="description" className={helpClasses}>
          {help}
        </Text>
      ) : null}
      <FieldError className={errorClasses}>{error}</FieldError>
    </AriaTextField>
  );
}
