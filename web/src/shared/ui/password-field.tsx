import { useLingui } from "@lingui/react/macro";
import { Eye, EyeOff } from "lucide-react";
import { type ReactNode, useState } from "react";
import { FieldError, Input, Label, Text, TextField } from "react-aria-components/TextField";
import { cx } from "@/shared/lib/class-names";
import { IconButton } from "./button";
import { errorClasses, fieldClasses, helpClasses, labelClasses } from "./field-classes";

type PasswordFieldProps = {
  label: string;
  value: string;
  onChange: (value: string) => void;
  name?: string;
  autoComplete: "current-password" | "new-password";
  help?: ReactNode;
  error?: string | null | undefined;
  required?: boolean;
  autoFocus?: boolean;
};

/** A password that one may look at while typing it. */
export function PasswordField({ label, help, error, required, ...rest }: PasswordFieldProps) {
  const { t } = useLingui();
  const [shown, show] = useState(false);
  return (
    <TextField
      {...rest}
      type={shown ? "text" : "password"}
      isRequired={required ?? false}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className="flex flex-col gap-1.5"
    >
      <Label className={labelClasses}>{label}</Label>
      <div className="relative">
        <Input dir="ltr" spellCheck="false" autoCapitalize="none" className={cx(fieldClasses, "pe-13")} />
        <div className="absolute inset-y-0 end-0.5 flex items-center">
          <IconButton
            label={shown ? t`Hide what is typed` : t`Show what is typed`}
            size="md"
            pressed={shown}
            onPress={() => show(!shown)}
          >
            {shown ? <EyeOff aria-hidden className="size-5" /> : <Eye aria-hidden className="size-5" />}
          </IconButton>
        </div>
      </div>
      {help && !error ? (
        <Text slot="description" className={helpClasses}>
          {help}
        </Text>
      ) : null}
      <FieldError className={errorClasses}>{error}</FieldError>
    </TextField>
  );
}
