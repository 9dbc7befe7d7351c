import { ChevronDown, Check } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { Select as AriaSelect, SelectValue } from "react-aria-components/Select";
import { FieldError, Input, Label, TextField as AriaTextField, Text } from "react-aria-components/TextField";
import { TextArea } from "react-aria-components/TextArea";
import { cx } from "@/shared/lib/class-names";

export const fieldClasses =
  "min-h-12 w-full rounded-md border border-line-strong bg-raised px-4 text-ink placeholder:text-faint transition-colors " +
  "hover:border-ink-muted focus:outline-2 focus:outline-focus focus:outline-offset-1 data-[invalid]:border-danger disabled:opacity-50";

const labelClasses = "text-sm font-semibold text-ink";
const helpClasses = "text-sm text-muted";
const errorClasses = "text-sm font-medium text-danger";

type FieldProps = {
  label: string;
  value?: string;
  defaultValue?: string;
  onChange?: (value: string) => void;
  name?: string;
  type?: "text" | "email" | "password" | "url" | "date" | "number" | "search";
  help?: ReactNode;
  /** A complaint to show; the field is marked invalid while it is there. */
  error?: string | null | undefined;
  placeholder?: string;
  autoComplete?: string;
  inputMode?: "text" | "numeric" | "email" | "url";
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

export type Option<T extends string> = { id: T; label: string; detail?: string };

type SelectProps<T extends string> = {
  label: string;
  options: readonly Option<T>[];
  value: T | null;
  onChange: (value: T) => void;
  help?: ReactNode;
  error?: string | null;
  placeholder?: string;
  disabled?: boolean;
  hideLabel?: boolean;
  className?: string;
};

export function Select<T extends string>(props: SelectProps<T>) {
  const { label, options, value, onChange, help, error, placeholder, disabled, hideLabel, className } = props;
  return (
    <AriaSelect
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.id === key);
        if (chosen) onChange(chosen.id);
      }}
      isDisabled={disabled ?? false}
      isInvalid={Boolean(error)}
      {...(placeholder ? { placeholder } : {})}
      className={cx("flex flex-col gap-1.5", className)}
    >
      <Label className={hideLabel ? "sr-only" : labelClasses}>{label}</Label>
      <AriaButton className={cx(fieldClasses, "flex items-center justify-between gap-3 text-start")}>
        <SelectValue className="truncate data-[placeholder]:text-faint" />
        <ChevronDown aria-hidden className="size-5 shrink-0 text-muted" />
      </AriaButton>
      {help && !error ? (
        <Text slot="description" className={helpClasses}>
          {help}
        </Text>
      ) : null}
      <FieldError className={errorClasses}>{error}</FieldError>
      <Popover className={cx("min-w-(--trigger-width) overflow-auto p-1.5", overlayClasses)}>
        <ListBox items={options} className="outline-none">
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.label} className={itemClasses}>
              {({ isSelected }) => (
                <>
                  <span className="flex min-w-0 flex-1 flex-col">
                    <span className="truncate">{option.label}</span>
                    {option.detail ? <span className="text-sm text-muted">{option.detail}</span> : null}
                  </span>
                  {isSelected ? <Check aria-hidden className="size-5 shrink-0 text-accent-text" /> : null}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

export const overlayClasses = "rounded-lg border border-line bg-overlay text-ink shadow-lift outline-none";
export const itemClasses =
  "flex min-h-11 cursor-pointer items-center gap-3 rounded-md px-3 py-2 text-sm outline-none select-none " +
  "data-[focused]:bg-hover data-[disabled]:cursor-not-allowed data-[disabled]:opacity-45 contrast-theme:data-[focused]:outline-2 contrast-theme:data-[focused]:outline-focus";
