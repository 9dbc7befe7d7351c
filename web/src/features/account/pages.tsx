import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { ApiError } from "@/shared/api/errors";
import { errorText } from "@/shared/lib/error-text";
import { useTitle } from "@/shared/lib/title";
import { Button, buttonClasses } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/text-field";
import { Spinner } from "@/shared/ui/progress";
import { AuthCard, FormError } from "./auth-card";
import { useLogin, useRegister, useSignInLink } from "./use-auth";

const MIN_PASSWORD = 8;
const HANDLE = /^(?!.*\.\.)[a-z0-9_][a-z0-9_.]{0,28}[a-z0-9_]$/;

export function SignInPage() {
  const { t } = useLingui();
  const { next } = useSearch({ from: "/sign-in" });
  const login = useLogin(next);
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  useTitle(t`Sign in`);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (email && password) login.mutate({ email: email.trim(), password });
  }

  return (
    <AuthCard
      title={t`Welcome back`}
      footer={
        <Trans>
          New here?{" "}
          <Link to="/sign-up" search={{ next }} className="font-semibold text-accent-text underline">
            Create an account
          </Link>
        </Trans>
      }
    >
      <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
        <FormError>{login.isError ? errorText(login.error) : null}</FormError>
        <TextField
          label={t`Email`}
          type="email"
          name="email"
          autoComplete="username"
          dir="ltr"
          value={email}
          onChange={setEmail}
          required
          autoFocus
        />
        <TextField
          label={t`Password`}
          type="password"
          name="password"
          autoComplete="current-password"
          dir="ltr"
          value={password}
          onChange={setPassword}
          required
        />
        <Button type="submit" variant="primary" size="lg" isPending={login.isPending}>
          {login.isPending ? <Spinner /> : null}
          {t`Sign in`}
        </Button>
      </form>
    </AuthCard>
  );
}

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

export function SignInLinkPage() {
  const { t } = useLingui();
  const link = useSignInLink();
  const used = useRef(false);
  const [missing, setMissing] = useState(false);
  useTitle(t`Sign in`);
  const { mutate } = link;

  useEffect(() => {
    // A link works once: the strict mode of development must not spend it twice.
    if (used.current) return;
    used.current = true;
    const token = window.location.hash.slice(1);
    // The token must not stay in the address bar or in the history.
    window.history.replaceState(window.history.state, "", window.location.pathname);
    if (token) mutate(token);
    else setMissing(true);
  }, [mutate]);

  const failed = missing || link.isError;
  return (
    <AuthCard title={failed ? t`This link does not work` : t`Signing you in`}>
      {failed ? (
        <>
          <FormError>
            {missing
              ? t`The address is not complete. Open the whole link as it was given to you.`
              : errorText(link.error)}
          </FormError>
          <Link to="/sign-in" search={{}} className={buttonClasses("primary", "lg")}>
            {t`Sign in with a password`}
          </Link>
        </>
      ) : (
        <p role="status" className="flex items-center gap-3 text-muted">
          <Spinner />
          {t`One moment.`}
        </p>
      )}
    </AuthCard>
  );
}
