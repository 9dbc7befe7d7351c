import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, KeyRound, Pencil, Trash2, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { api, data } from "@/shared/api/client";
import type { Passkey, Passkeys as Held } from "@/shared/api/types";
import { deviceName } from "@/shared/lib/device-name";
import { ago, longDate } from "@/shared/lib/format";
import { createPasskey, passkeysPossible } from "@/shared/lib/passkeys";
import { Button, IconButton } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { Menu } from "@/shared/ui/menu";
import { NameDialog } from "@/shared/ui/name-dialog";
import { sayFailure } from "@/shared/ui/say-failure";
import { Section } from "@/shared/ui/section";
import { toast } from "@/shared/ui/toast";
import { Entry } from "./entry";
import { Loaded } from "./loaded";
import { PasskeysAndPassword } from "./passkeys-and-password";
import { passkeysQuery } from "./queries";

const rename = ({ id }: Passkey, name: string) =>
  data(api.PUT("/api/v1/users/me/passkeys/{passkey_id}", { params: { path: { passkey_id: id } }, body: { name } }));

export function Passkeys() {
  const { t } = useLingui();
  const held = useQuery(passkeysQuery);
  return (
    <Section
      id="passkeys"
      title={t`Passkeys`}
      intro={t`Sign in with your finger, your face or the PIN of your device: nothing to remember, nothing to steal.`}
    >
      <Loaded query={held}>{(found) => <Present held={found} />}</Loaded>
    </Section>
  );
}

async function add(): Promise<Passkey> {
  const options = await data(api.POST("/api/v1/auth/passkeys/options", { body: { purpose: "register" } }));
  if (!("user" in options)) throw new TypeError("these are not options to make a passkey");
  const credential = await createPasskey(options);
  return data(api.POST("/api/v1/auth/passkeys/register", { body: { credential, name: "" } }));
}

/** What a new one is likely called: after its maker, which the server has done, else after this device. */
const suggested = (passkey: Passkey): string =>
  passkey.maker === null && passkey.last_used_at === null && passkey.name === "Passkey"
    ? deviceName(navigator.userAgent)
    : passkey.name;

function Present({ held }: { held: Held }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [naming, name] = useState<Passkey | null>(null);
  const changed = () => client.invalidateQueries({ queryKey: ["me"] });
  const adding = useMutation({
    mutationFn: add,
    onSuccess: async (made) => {
      await changed();
      name(made);
    },
    onError: sayFailure,
  });
  const some = held.items.length > 0;
  return (
    <>
      {some ? (
        <ul aria-label={t`Passkeys`} className="flex flex-col">
          {held.items.map((passkey) => (
            <Row key={passkey.id} passkey={passkey} onRename={() => name(passkey)} onChanged={changed} />
          ))}
        </ul>
      ) : null}
      {passkeysPossible() && held.unavailable === null ? (
        <Button
          variant={some ? "secondary" : "primary"}
          className="self-start"
          onPress={() => adding.mutate()}
          isPending={adding.isPending}
        >
          <KeyRound aria-hidden className="size-5" />
          {t`Add a passkey`}
        </Button>
      ) : (
        <Unavailable why={held.unavailable} />
      )}
      {some && held.password ? <PasskeysAndPassword held={held} onChanged={changed} /> : null}
      {naming ? (
        <NameDialog
          title={t`Name this passkey`}
          help={t`For example the device that it is on.`}
          suggestion={suggested(naming)}
          onClose={() => name(null)}
          onName={(called) => rename(naming, called).then(changed)}
        />
      ) : null}
    </>
  );
}

function Unavailable({ why }: { why: Held["unavailable"] }) {
  const { t } = useLingui();
  const reasons = {
    ip_address: t`Passkeys need an address with a name. Open this place by its name instead of by numbers.`,
    insecure: t`Passkeys need a secure address that begins with https.`,
    no_host: t`This place has no public address yet that passkeys could belong to.`,
  };
  const numbers = /^[\d.]+$|^\[/.test(window.location.hostname);
  const reason = why ?? (numbers ? "ip_address" : null);
  return (
    <p className="rounded-md bg-sunken px-4 py-3 text-sm text-muted">
      {reason ? reasons[reason] : t`This browser cannot use passkeys here.`}
    </p>
  );
}

type RowProps = { passkey: Passkey; onRename: () => void; onChanged: () => Promise<void> };

function Row({ passkey, onRename, onChanged }: RowProps) {
  const { t } = useLingui();
  const [asking, ask] = useState(false);
  const { name } = passkey;
  const remove = useMutation({
    mutationFn: () =>
      api.DELETE("/api/v1/users/me/passkeys/{passkey_id}", { params: { path: { passkey_id: passkey.id } } }),
    onSuccess: () => toast(t`${name} no longer opens your account.`, "success"),
    onError: sayFailure,
    onSettled: async () => {
      ask(false);
      await onChanged();
    },
  });
  const actions = [
    { id: "rename", label: t`Rename`, icon: <Pencil aria-hidden className="size-4" />, run: onRename },
    {
      id: "remove",
      label: t`Remove`,
      icon: <Trash2 aria-hidden className="size-4" />,
      run: () => ask(true),
      tone: "danger" as const,
    },
  ];
  return (
    <Entry
      icon={<KeyRound />}
      name={name}
      actions={
        <>
          <Menu
            label={t`What to do with ${name}`}
            trigger={
              <IconButton label={t`What to do with ${name}`}>
                <Ellipsis aria-hidden className="size-5" />
              </IconButton>
            }
            actions={actions}
          />
          <ConfirmDialog
            open={asking}
            onClose={() => ask(false)}
            onConfirm={() => remove.mutate()}
            title={t`Remove ${name}?`}
            confirmLabel={t`Remove`}
            pending={remove.isPending}
          >
            {t`It no longer signs in to your account. Delete it from your device too, where it is of no use any more.`}
          </ConfirmDialog>
        </>
      }
    >
      <Details passkey={passkey} />
    </Entry>
  );
}

function Details({ passkey }: { passkey: Passkey }) {
  const { t } = useLingui();
  const since = longDate(passkey.created_at);
  const used = passkey.last_used_at ? ago(passkey.last_used_at) : null;
  const kind = [
    passkey.maker && passkey.maker !== passkey.name ? passkey.maker : null,
    passkey.synced ? t`on all your devices` : t`on one device`,
    passkey.alone ? null : t`only after the password`,
  ];
  return (
    <>
      <p className="text-sm text-muted">{kind.filter(Boolean).join(" · ")}</p>
      <p className="text-sm text-muted">
        {t`Added ${since}`}
        {used ? ` · ${t`used ${used}`}` : ""}
      </p>
      {passkey.suspected_at ? (
        <p className="flex items-start gap-2 pt-1 text-sm font-medium text-danger">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          {t`Somebody may have a copy of it. Remove it, and add another one.`}
        </p>
      ) : null}
    </>
  );
}
