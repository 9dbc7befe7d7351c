import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { ListBox, ListBoxItem } from "react-aria-components/ListBox";
import { Popover } from "react-aria-components/Popover";
import { FieldError, Label, Select as AriaSelect, SelectValue, Text } from "react-aria-components/Select";
import { cx } from "@/shared/lib/class-names";
import { errorClasses, fieldClasses, helpClasses, labelClasses } from "./field-classes";
import { itemClasses, overlayClasses } from "./overlay";

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
