import type { ReactNode } from "react";
import { TextField } from "@/shared/ui/fields";

type LineProps = {
  label: string;
  value: string | null;
  onChange: (value: string) => void;
  error?: string | null;
  help?: ReactNode;
  placeholder?: string;
  most?: number;
  rows?: number;
  /** Codes run from left to right whatever the language. */
  code?: boolean;
};

/** A line or several of text that may be empty. */
export function TextLine({ value, most = 300, code, error, ...rest }: LineProps) {
  return <TextField {...rest} value={value ?? ""} error={error} maxLength={most} dir={code ? "ltr" : "auto"} />;
}

/** An empty field is none at all. */
export const orNone = (text: string): string | null => text.trim() || null;
