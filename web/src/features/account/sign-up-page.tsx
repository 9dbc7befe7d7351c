import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { type FormEvent, useState } from "react";
import { passkeysPossible } from "@/shared/lib/passkeys";
import { useTitle } from "@/shared/lib/title";
import { Button, buttonClasses } from "@/shared/ui/button";
import { PasswordField } from "@/shared/ui/password-field";
import { TextField } from "@/shared/ui/text-field";
import { Spinner } from "@/shared/ui/progress";
import { AuthCard, FormError, Or } from "./auth-card";
import { CheckMail } from "./check-mail";
import { useHashToken } from "./hash-token";
import { joining } from "./methods";
import { useOffers } from "./offers";
import { empty, type Fields, fromServer, MIN_PASSWORD, suggested, useComplaints } from "./sign-up-fields";
import { useRegister } from "./use-auth";

export function SignUpPage() {
  const { t } = useLingui();
  const { next, state } = useSearch({ from: "/sign-up" });
  const offers = useOffers();
  const invitation = useHashToken("invitation")?.token ?? "";
  const [awaited, setAwaited] = useState<string | null>(null);
  const navigate = useNavigate();
  const startAnew = () => navigate({ to: "/sign-up", search: { next }, replace: true });
  useTitle(t`Sign up`);
  if (awaited === null && state === "check_mail") return <CheckMail email={null} onBack={() => void startAnew()} />;
  if (awaited !== null) return <CheckMail email={awaited} onBack={() => setAwaited(null)} />;
  if (offers?.registration === "closed") return <Closed />;
  return (
    <AuthCard
      title={invitation ? t`You are invited` : t`Join in`}
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
      <Form
        next={next}
        invitation={invitation}
        asksForInvitation={offers?.registration === "invitation" && !invitation}
        onAwaited={setAwaited}
      />
    </AuthCard>
  );
}

function Closed() {
  const { t } = useLingui();
  return (
    <AuthCard
      title={t`Nobody can join right now`}
      intro={t`The people who run this place have closed registration. Listening may still be open to guests.`}
    >
      <div className="flex flex-wrap gap-3">
        <Link to="/sign-in" search={{}} className={buttonClasses("primary", "lg")}>
          {t`Sign in`}
        </Link>
        <Link to="/" className={buttonClasses("secondary", "lg")}>
          {t`Go home`}
        </Link>
      </div>
    </AuthCard>
  );
}

type FormProps = {
  next: string | undefined;
  invitation: string;
  asksForInvitation: boolean;
  onAwaited: (email: string) => void;
};

function Form({ next, invitation, asksForInvitation, onAwaited }: FormProps) {
  const { t } = useLingui();
  const register = useRegister(next, onAwaited);
  const complain = useComplaints();
  const [fields, setFields] = useState({ ...empty, invitation });
  const [handleTouched, setHandleTouched] = useState(false);
  const [complaints, setComplaints] = useState<Partial<Fields>>({});
  const passkeys = useOffers()?.passkeys === true && passkeysPossible();
  const [byPasskey, setByPasskey] = useState(false);

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

  function changeProof() {
    setByPasskey((before) => !before);
    setComplaints((before) => ({ ...before, password: undefined }));
    register.reset();
  }
  function submit(event: FormEvent) {
    event.preventDefault();
    const found = complain(fields, byPasskey);
    if (asksForInvitation && !fields.invitation.trim()) found.invitation = t`Paste the code that you were given.`;
    setComplaints(found);
    if (Object.keys(found).length > 0) return;
    register.mutate({ fields, byPasskey });
  }
  // An invitation of a link has no field of its own: what is wrong with it is said above all of them.
  const about = refused?.general ?? (asksForInvitation ? null : (refused?.fields.invitation ?? null));
  return (
    <>
      <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
        <FormError>{about}</FormError>
        {asksForInvitation ? (
          <TextField
            label={t`Invitation code`}
            name="invitation"
            autoComplete="off"
            dir="ltr"
            value={fields.invitation}
            onChange={change("invitation")}
            help={t`New people come here by invitation.`}
            error={errorOf("invitation")}
            required
          />
        ) : null}
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
        {byPasskey ? (
          <p className="flex gap-3 rounded-md bg-sunken px-4 py-3 text-sm text-muted">
            <KeyRound aria-hidden className="size-5 shrink-0" />
            {t`Your device keeps a passkey for you: your finger, your face or its PIN lets you in, and there is no password to remember.`}
          </p>
        ) : (
          <PasswordField
            label={t`Password`}
            name="password"
            autoComplete="new-password"
            value={fields.password}
            onChange={change("password")}
            help={t`At least ${MIN_PASSWORD} characters; a few words in a row are good.`}
            error={errorOf("password")}
            required
          />
        )}
        {passkeys ? (
          <Button variant="ghost" size="sm" className="-my-2 self-start" onPress={changeProof}>
            {byPasskey ? t`Use a password instead` : t`Use a passkey instead of a password`}
          </Button>
        ) : null}
        <Button type="submit" variant="primary" size="lg" isPending={register.isPending}>
          {register.isPending ? <Spinner /> : null}
          {t`Create an account`}
        </Button>
      </form>
      <Or>{t`or`}</Or>
      <div className="flex flex-col gap-3 empty:hidden">
        {joining.map((Method, place) => (
          <Method key={place} next={next} newcomer={fields} />
        ))}
      </div>
    </>
  );
}
