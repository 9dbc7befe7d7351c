import { useLingui } from "@lingui/react/macro";
import { ApiError } from "@/shared/api/errors";
import { passkeyRefusal } from "./passkey-refusal";
import { refusalText } from "./refusal";

export const MIN_PASSWORD = 8;
export const HANDLE = /^(?!.*\.\.)[a-z0-9_][a-z0-9_.]{0,28}[a-z0-9_]$/;

export type Fields = { display_name: string; handle: string; email: string; password: string; invitation: string };
export const empty: Fields = { display_name: "", handle: "", email: "", password: "", invitation: "" };

/** A handle made of a name. */
export const suggested = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ".")
    .slice(0, 30)
    .replace(/^\.+|\.+$/g, "");

/** Complaints that need no server; null where the field is fine. */
export function useComplaints() {
  const { t } = useLingui();
  return (fields: Fields, byPasskey: boolean): Partial<Fields> => {
    const complaints: Partial<Fields> = {};
    if (!fields.display_name.trim()) complaints.display_name = t`Say how you want to be called.`;
    if (!HANDLE.test(fields.handle))
      complaints.handle = t`Use 2 to 30 small letters a–z, digits, dots and underscores.`;
    if (!/^\S+@\S+$/.test(fields.email.trim())) complaints.email = t`This is not an email address.`;
    if (!byPasskey && [...fields.password].length < MIN_PASSWORD)
      complaints.password = t`Use at least ${MIN_PASSWORD} characters.`;
    return complaints;
  };
}

const takenField: Record<string, keyof Fields> = {
  email_taken: "email",
  handle_taken: "handle",
  invitation_needed: "invitation",
};

/** What the server refuses, at the field it is about where there is one. */
export function fromServer(error: unknown): { fields: Partial<Fields>; general: string | null } {
  if (!(error instanceof ApiError)) return { fields: {}, general: passkeyRefusal(error) };
  const taken = takenField[error.code];
  if (taken) return { fields: { [taken]: refusalText(error) ?? "" }, general: null };
  const fields: Partial<Fields> = {};
  for (const name of Object.keys(empty) as (keyof Fields)[]) {
    const complaint = error.field(name);
    if (complaint) fields[name] = complaint.detail;
  }
  return { fields, general: Object.keys(fields).length > 0 ? null : refusalText(error) };
}
