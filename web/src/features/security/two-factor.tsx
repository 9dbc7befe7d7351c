import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ShieldCheck } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api, data } from "@/shared/api/client";
import type { Factors, TotpEnrolment } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { longDate } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { CodeField } from "@/shared/ui/code-field";
import { Dialog } from "@/shared/ui/dialog";
import { sayFailure } from "@/shared/ui/say-failure";
import { Section } from "@/shared/ui/section";
import { factorsQuery } from "./factor-queries";
import { Loaded } from "./loaded";
import { RecoveryCodesDialog, RecoveryCodesLeft } from "./recovery-codes";
import { RemoveFactor } from "./remove-factor";
import { TextMessages } from "./text-messages";

/** The key in groups of four, as people read it off. */
const grouped = (secret: string): string => secret.replace(/(.{4})(?=.)/g, "$1 ");

type EnrolProps = { enrolment: TotpEnrolment; onClose: () => void; onDone: (codes: readonly string[]) => void };

function Enrol({ enrolment, onClose, onDone }: EnrolProps) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [code, setCode] = useState("");
  const confirm = useMutation({
    mutationFn: () => data(api.POST("/api/v1/auth/mfa/totp/confirm", { body: { code } })),
    onSuccess: (made) => {
      onDone(made.recovery_codes);
      return client.invalidateQueries({ queryKey: ["me"] });
    },
  });
  function submit(event: FormEvent) {
    event.preventDefault();
    if (code.trim()) confirm.mutate();
  }
  return (
    <Dialog open onClose={onClose} title={t`Add an authenticator app`}>
      <form onSubmit={submit} className="flex flex-col gap-6" noValidate>
        <ol className="flex flex-col gap-6">
          <li className="flex flex-col gap-3">
            <p>{t`1. Scan this picture with your authenticator app.`}</p>
            <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
              <img
                src={`data:image/svg+xml;charset=utf-8,${encodeURIComponent(enrolment.qr_svg)}`}
                alt={t`QR code for your authenticator app`}
                className="size-48 rounded-md bg-white"
              />
              <div className="flex min-w-0 flex-1 basis-48 flex-col gap-1.5 text-sm">
                <p className="text-muted">{t`No camera? Type this key instead:`}</p>
                <code dir="ltr" className="text-base font-semibold break-words select-all">
                  {grouped(enrolment.secret)}
                </code>
                <a href={enrolment.otpauth_url} className="min-h-11 self-start py-2.5 text-accent-text underline">
                  {t`Open an app on this device`}
                </a>
              </div>
            </div>
          </li>
          <li className="flex flex-col gap-3">
            <p>{t`2. Enter the code that the app shows now.`}</p>
            <CodeField
              value={code}
              onChange={(typed) => {
                setCode(typed);
                confirm.reset();
              }}
              error={confirm.isError ? errorText(confirm.error) : null}
            />
          </li>
        </ol>
        <div className="flex justify-end gap-3">
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button type="submit" variant="primary" isPending={confirm.isPending}>
            {t`Switch it on`}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

type AppProps = { factors: Factors; show: (codes: readonly string[]) => void };

function AuthenticatorApp({ factors, show }: AppProps) {
  const { t } = useLingui();
  const [removing, remove] = useState(false);
  const enrol = useMutation({
    mutationFn: () => data(api.POST("/api/v1/auth/mfa/totp/enrol")),
    onError: sayFailure,
  });
  const since = factors.totp_since ? longDate(factors.totp_since) : null;
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
      <div className="flex min-w-0 flex-1 basis-56 flex-col gap-0.5">
        <h3 className="font-semibold">{t`Authenticator app`}</h3>
        <p className="text-sm text-muted">
          {since ? (
            <span className="inline-flex items-center gap-1.5 text-success">
              <ShieldCheck aria-hidden className="size-4" />
              {t`On since ${since}`}
            </span>
          ) : (
            t`An app on your telephone shows a new code every 30 seconds.`
          )}
        </p>
      </div>
      {since ? (
        <Button onPress={() => remove(true)}>{t`Remove`}</Button>
      ) : (
        <Button variant="primary" onPress={() => enrol.mutate()} isPending={enrol.isPending}>
          {t`Set up`}
        </Button>
      )}
      {enrol.data && !since ? (
        <Enrol
          enrolment={enrol.data}
          onClose={() => enrol.reset()}
          onDone={(codes) => {
            enrol.reset();
            show(codes);
          }}
        />
      ) : null}
      {removing ? (
        <RemoveFactor
          factor="totp"
          title={t`Remove the authenticator app?`}
          methods={factors.methods}
          onClose={() => remove(false)}
        />
      ) : null}
    </div>
  );
}

export function TwoFactor() {
  const { t } = useLingui();
  const factors = useQuery(factorsQuery);
  const [codes, show] = useState<readonly string[]>([]);
  return (
    <Section
      id="second-factor"
      title={t`Second factor`}
      intro={t`Somebody who learns your password still cannot get in without it.`}
    >
      <Loaded query={factors}>
        {(found) => (
          <>
            <AuthenticatorApp factors={found} show={show} />
            <TextMessages factors={found} show={show} />
            {found.methods.length > 0 ? <RecoveryCodesLeft left={found.recovery_codes_left} show={show} /> : null}
          </>
        )}
      </Loaded>
      {codes.length > 0 ? <RecoveryCodesDialog codes={codes} onClose={() => show([])} /> : null}
    </Section>
  );
}
