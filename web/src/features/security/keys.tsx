import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeySquare, Plus, Radio } from "lucide-react";
import { type ReactNode, useState } from "react";
import { api } from "@/shared/api/client";
import type { ApiKey, AppPassword, NewApiKey, NewAppPassword } from "@/shared/api/types";
import { ago, longDate } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { sayFailure } from "@/shared/ui/say-failure";
import { SecretDialog } from "@/shared/ui/secret-dialog";
import { Section } from "@/shared/ui/section";
import { toast } from "@/shared/ui/toast";
import { Entry } from "./entry";
import { Loaded } from "./loaded";
import { NewKeyDialog } from "./new-key-dialog";
import { apiKeysQuery, appPasswordsQuery } from "./queries";
import { useScopes } from "./scopes";

export function ApiKeys() {
  const { t } = useLingui();
  const client = useQueryClient();
  const keys = useQuery(apiKeysQuery);
  const [asking, ask] = useState(false);
  const [made, show] = useState<NewApiKey | null>(null);
  const changed = () => client.invalidateQueries({ queryKey: ["me"] });
  return (
    <Section
      id="api-keys"
      title={t`API keys`}
      intro={t`For scripts and services that act in your name. A key does what its scopes say, and nothing else.`}
    >
      <Loaded query={keys}>
        {(found) => (
          <List label={t`API keys`}>
            {found.map((key) => (
              <Row
                key={key.id}
                entry={key}
                icon={<KeySquare />}
                expires={key.expires_at}
                revoke={() =>
                  api.DELETE("/api/v1/users/me/api-keys/{key_id}", { params: { path: { key_id: key.id } } })
                }
                onRevoked={changed}
              />
            ))}
          </List>
        )}
      </Loaded>
      <Button className="self-start" onPress={() => ask(true)}>
        <Plus aria-hidden className="size-5" />
        {t`New API key`}
      </Button>
      {asking ? (
        <NewKeyDialog
          kind="api_key"
          onClose={() => ask(false)}
          onMade={(key) => {
            ask(false);
            show(key);
            void changed();
          }}
        />
      ) : null}
      {made ? (
        <SecretDialog
          title={t`Your new API key`}
          name={made.name}
          secret={made.key}
          onClose={() => show(null)}
          hint={t`Send it as a bearer token, or in the header X-API-Key.`}
        />
      ) : null}
    </Section>
  );
}

export function AppPasswords() {
  const { t } = useLingui();
  const client = useQueryClient();
  const passwords = useQuery(appPasswordsQuery);
  const [asking, ask] = useState(false);
  const [made, show] = useState<NewAppPassword | null>(null);
  const changed = () => client.invalidateQueries({ queryKey: ["me"] });
  return (
    <Section
      id="app-passwords"
      title={t`App passwords`}
      intro={t`For players that speak Subsonic. Each app gets a password of its own; that of your account stays yours.`}
    >
      <Loaded query={passwords}>
        {(found) => (
          <List label={t`App passwords`}>
            {found.map((password) => (
              <Row
                key={password.id}
                entry={password}
                icon={<Radio />}
                expires={null}
                revoke={() =>
                  api.DELETE("/api/v1/users/me/app-passwords/{password_id}", {
                    params: { path: { password_id: password.id } },
                  })
                }
                onRevoked={changed}
              />
            ))}
          </List>
        )}
      </Loaded>
      <Button className="self-start" onPress={() => ask(true)}>
        <Plus aria-hidden className="size-5" />
        {t`New app password`}
      </Button>
      {asking ? (
        <NewKeyDialog
          kind="app_password"
          onClose={() => ask(false)}
          onMade={(password) => {
            ask(false);
            show(password);
            void changed();
          }}
        />
      ) : null}
      {made ? (
        <SecretDialog
          title={t`Your new app password`}
          name={made.name}
          secret={made.password}
          onClose={() => show(null)}
          hint={t`Type it into the app together with your handle or email address.`}
        />
      ) : null}
    </Section>
  );
}

function List({ label, children }: { label: string; children: ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <ul aria-label={label} className="flex flex-col">
      {children}
    </ul>
  );
}

type RowProps = {
  entry: ApiKey | AppPassword;
  icon: ReactNode;
  expires: string | null;
  revoke: () => Promise<unknown>;
  onRevoked: () => Promise<void>;
};

function Row({ entry, icon, expires, revoke, onRevoked }: RowProps) {
  const { t } = useLingui();
  const [asking, ask] = useState(false);
  const { name } = entry;
  const revocation = useMutation({
    mutationFn: revoke,
    onSuccess: () => toast(t`${name} does not work any more.`, "success"),
    onError: sayFailure,
    onSettled: async () => {
      ask(false);
      await onRevoked();
    },
  });
  return (
    <Entry
      icon={icon}
      name={name}
      actions={
        <>
          <Button size="sm" aria-label={t`Revoke ${name}`} onPress={() => ask(true)}>
            {t`Revoke`}
          </Button>
          <ConfirmDialog
            open={asking}
            onClose={() => ask(false)}
            onConfirm={() => revocation.mutate()}
            title={t`Revoke ${name}?`}
            confirmLabel={t`Revoke`}
            pending={revocation.isPending}
          >
            {t`Whatever uses it stops working at once. This cannot be undone.`}
          </ConfirmDialog>
        </>
      }
    >
      <Details entry={entry} expires={expires} />
    </Entry>
  );
}

function Details({ entry, expires }: Pick<RowProps, "entry" | "expires">) {
  const { t } = useLingui();
  const scopes = useScopes();
  const allowed = scopes.filter((scope) => entry.scopes.includes(scope.id)).map((scope) => scope.label);
  const since = longDate(entry.created_at);
  const used = entry.last_used_at ? ago(entry.last_used_at) : null;
  const until = expires ? longDate(expires) : null;
  const over = expires !== null && new Date(expires) <= new Date();
  return (
    <>
      <p className="text-sm">{allowed.join(" · ")}</p>
      <p className="text-sm text-muted">
        {t`Made ${since}`}
        {" · "}
        {used ? t`used ${used}` : t`not used yet`}
        {until && !over ? ` · ${t`holds until ${until}`}` : ""}
      </p>
      {over ? <p className="text-sm font-medium text-danger">{t`It ran out on ${until}.`}</p> : null}
    </>
  );
}
