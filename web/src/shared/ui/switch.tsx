import type { ReactNode } from "react";
import { Switch as AriaSwitch } from "react-aria-components/Switch";

type SwitchProps = {
  label: ReactNode;
  help?: ReactNode;
  checked: boolean;
  onChange: (on: boolean) => void;
  disabled?: boolean;
};

export function Switch({ label, help, checked, onChange, disabled }: SwitchProps) {
  return (
    <AriaSwitch
      isSelected={checked}
      onChange={onChange}
      isDisabled={disabled ?? false}
      className="group flex min-h-11 cursor-pointer items-center justify-between gap-6 rounded-md data-[disabled]:opacity-50"
    >
      <span className="flex flex-col gap-0.5">
        <span className="font-semibold">{label}</span>
        {help ? <span className="text-sm text-muted">{help}</span> : null}
      </span>
      <span
        aria-hidden
        className="flex h-7 w-12 shrink-0 items-center rounded-full border-2 border-line-strong bg-sunken p-0.5 transition-colors group-data-[selected]:border-accent group-data-[selected]:bg-accent"
      >
        <span className="size-5 rounded-full bg-muted transition-[margin] group-data-[selected]:ms-5 group-data-[selected]:bg-accent-ink" />
      </span>
    </AriaSwitch>
  );
}
