import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { ApiError } from "@/shared/api/errors";
import { errorText } from "@/shared/lib/error-text";
import { useTitle } from "@/shared/lib/title";
import { Button } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/text-field";
import { Spinner } from "@/shared/ui/progress";
import { AuthCard, FormError } from "./auth-card";
import { useRegister } from "./use-auth";

const MIN_PASSWORD = 8;
const HANDLE = /^(?!.*\.\.)[a-z0-9_][a-z0-9_.]{0,28}[a-z0-9_]$/;

type Fields = { display_name: string; handle: string; email: string; password: string };
const empty: Fields = { display_name: "", handle: "", email: "", password: "" };

const suggested = (name: string): string =>
  name
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ".")
    .slice(0, 30)
    .replace(/^\.+|\.+$/g, "");

/** Complaints that need no server; null where the field is fine. */
function useComplaints() {
  const { t } = useLingui();
  return (fields: Fields): Partial<Fields> => {
    const complaints: Partial<Fields> = {};
    if (!fields.display_name.trim()) complaints.display_name = t`Say how you want to be called.`;
    if (!HANDLE.test(fields.handle))
      complaints.handle = t`Use 2 to 30 small letters a–z, digits, dots and underscores.`;
    if (!/^\S+@\S+$/.test(fields.email.trim())) complaints.email = t`This is not an email address.`;
    if ([...fields.password].length < MIN_PASSWORD) complaints.password = t`Use at least ${MIN_PASSWORD} characters.`;
    return complaints;
  };
}

const takenField: Record<string, keyof Fields> = { email_taken: "email", handle_taken: "handle" };

function fromServer(error: unknown): { fields: Partial<Fields>; general: string | null } {
  if (!(error instanceof ApiError)) return { fields: {}, general: errorText(error) };
  const taken = takenField[error.code];
  if (taken) return { fields: { [taken]: errorText(error) }, general: null };
  const fields: Partial<Fields> = {};
  for (const name of Object.keys(empty) as (keyof Fields)[]) {
    const complaint = error.field(name);
    if (complaint) fields[name] = complaint.detail;
  }
  return { fields, general: Object.keys(fields).length > 0 ? null : errorText(error) };
}

export function SignUpPage() {
  const { t } = useLingui();
  const { next } = useSearch({ from: "/sign-up" });
  const register = useRegister(next);
  const complain = useComplaints();
  const [fields, setFields] = useState(empty);
  const [handleTouched, setHandleTouched] = useState(false);
  const [complaints, setComplaints] = useState<Partial<Fields>>({});
  useTitle(t`Sign up`);

  const refused = register.isError ? fromServer(register.error) : null;
  const errorOf = (name: keyof Fields) => complaints[name] ?? refused?.fields[name] ?? null;
  const change = (name: keyof Fields) => (value: string) => {
    setComplaints((before) => ({ ...before, [name]: undefined }));
    register.reset();
    setFields((before) => ({
      ...before,
      [name]: name === "handle" ? value.toLowerCase() : value,
      ...(name === "display_name" && !handleTouched ? { handle: suggested(value) } : {}),
    }));
    if (name === "handle") setHandleTouched(true);
  };

  function submit(event: FormEvent) {
    event.preventDefault();
    const found = complain(fields);
    setComplaints(found);
    if (Object.keys(found).length > 0) return;
    register.mutate({ ...fields, email: fields.email.trim(), display_name: fields.display_name.trim() });
  }

  return (
    <AuthCard
      title={t`Join in`}
      intro={t`Listen, publish your own music, keep your place in the queue.`}
      footer={
        <Trans>
          Already with us?{" "}
          <Link to="/sign-in" search={{ next }} className="font-semibold text-accent-text underline">
            Sign in
          </Link>
        </Trans>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
        <FormError>{refused?.general ?? null}</FormError>
        <TextField
          label={t`Name`}
          name="name"
          autoComplete="name"
          dir="auto"
          value={fields.display_name}
          onChange={change("display_name")}
          error={errorOf("display_name")}
          required
          autoFocus
        />
        <TextField
          label={t`Handle`}
          name="handle"
          autoComplete="off"
          dir="ltr"
          value={fields.handle}
          onChange={change("handle")}
          help={t`Your short name in addresses, unique here.`}
          error={errorOf("handle")}
          required
        />
        <TextField
          label={t`Email`}
          type="email"
          name="email"
          autoComplete="username"
          dir="ltr"
          value={fields.email}
          onChange={change("email")}
          error={errorOf("email")}
          required
        />
        <TextField
          label={t`Password`}
          type="password"
          name="password"
          autoComplete="new-password"
          dir="ltr"
          value={fields.password}
          onChange={change("password")}
          help={t`At least ${MIN_PASSWORD} characters; a few words in a row are good.`}
          error={errorOf("password")}
          required
        />
        <Button type="submit" variant="primary" size="lg" isPending={register.isPending}>
          {register.isPending ? <Spinner /> : null}
          {t`Create an account`}
        </Button>
      </form>
    </AuthCard>
  );
}
