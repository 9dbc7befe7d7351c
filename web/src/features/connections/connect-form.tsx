import { useLingui } from "@lingui/react/macro";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { ApiError } from "@/shared/api/errors";
import type { Scrobbler } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { Button, buttonClasses } from "@/shared/ui/button";
import { TextField } from "@/shared/ui/text-field";
import { toast } from "@/shared/ui/toast";
import { leaveFor, useConnect } from "./queries";

type ConnectFormProps = {
  service: Scrobbler;
  /** Where it takes the place of what somebody just used. */
  focus: boolean;
};

/** The way to the service where one allows it there; otherwise a field for the token that one brings. */
export function ConnectForm({ service, focus }: ConnectFormProps) {
  return service.authorize_url ? (
    <AllowThere service={service} focus={focus} url={service.authorize_url} />
  ) : (
    <BringToken service={service} focus={focus} />
  );
}

function AllowThere({ service, focus, url }: ConnectFormProps & { url: string }) {
  const { t } = useLingui();
  const { id, name } = service;
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (focus) link.current?.focus();
  }, [focus]);
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="text-sm text-muted">{t`You allow it at ${name}, and come back here.`}</p>
      <a ref={link} href={url} onClick={() => leaveFor(id)} className={buttonClasses("primary")}>
        {t`Connect ${name}`}
      </a>
    </div>
  );
}

function BringToken({ service, focus }: ConnectFormProps) {
  const { t } = useLingui();
  const { id, name } = service;
  const [token, setToken] = useState("");
  const connect = useConnect();
  const unknown = connect.error instanceof ApiError && connect.error.code === "scrobbler_refused";

  function submit(event: FormEvent) {
    event.preventDefault();
    const done = () => toast(t`${name} is told from now on what you hear.`, "success");
    connect.mutate({ service: id, token: token.trim() }, { onSuccess: done });
  }
  return (
    <form onSubmit={submit} className="flex flex-col items-start gap-5">
      <TextField
        label={t`User token`}
        value={token}
        onChange={setToken}
        type="password"
        autoComplete="off"
        maxLength={500}
        autoFocus={focus}
        dir="ltr"
        className="w-full"
        help={t`It is on the settings page of your account at ${name}. Here it is kept encrypted.`}
        error={connect.isError ? (unknown ? t`${name} does not know this token.` : errorText(connect.error)) : null}
      />
      <Button type="submit" variant="primary" isDisabled={!token.trim()} isPending={connect.isPending}>
        {t`Connect ${name}`}
      </Button>
    </form>
  );
}
