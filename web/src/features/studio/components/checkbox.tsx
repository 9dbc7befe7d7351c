import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";
import { Checkbox as AriaCheckbox } from "react-aria-components/Checkbox";

type CheckboxProps = {
  checked: boolean;
  partly?: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
  /** Read out; shown only where `children` is given. */
  label: string;
  children?: ReactNode;
};

export function Checkbox({ checked, partly, onChange, disabled, label, children }: CheckboxProps) {
  return (
    <AriaCheckbox
      isSelected={checked}
      isIndeterminate={partly ?? false}
      onChange={onChange}
      isDisabled={disabled ?? false}
      {...(children ? {} : { "aria-label": label })}
      className="group flex min-h-11 min-w-11 cursor-pointer items-center justify-center gap-3 rounded-md data-[disabled]:cursor-not-allowed data-[disabled]:opacity-40"
    >
      <span
        aria-hidden
        className="grid size-5 shrink-0 place-items-center rounded-sm border-2 border-line-strong transition-colors group-data-[indeterminate]:border-accent group-data-[indeterminate]:bg-accent group-data-[selected]:border-accent group-data-[selected]:bg-accent"
      >
        {partly ? (
          <Minus className="size-4 text-accent-ink" />
        ) : checked ? (
          <Check className="size-4 text-accent-ink" />
        ) : null}
      </span>
      {children}
    </AriaCheckbox>
  );
}
