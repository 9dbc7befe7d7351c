import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { api, data } from "@/shared/api/client";
import { linkedQuery } from "@/shared/api/linked";
import { useOffers } from "@/shared/api/offers";
import type { LinkedSignIn, OfferedProvider } from "@/shared/api/types";
import { codeText } from "@/shared/lib/error-text";
import { ago, longDate } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { ProviderBadge } from "@/shared/ui/provider-badge";
import { sayFailure } from "@/shared/ui/say-failure";
import { Section } from "@/shared/ui/section";
import { toast } from "@/shared/ui/toast";
import { Loaded } from "./loaded";

/** Where one signs in elsewhere; nothing is shown where nothing is offered and nothing is linked. */
export function LinkedSignIns() {
  const { t } = useLingui();
  const offered = useOffers()?.providers ?? [];
  const linked = useQuery(linkedQuery);
  const { problem } = useSearch({ from: "/settings/security" });
  if (offered.length === 0 && !linked.data?.length) return null;
  return (
    <Section
      id="linked"
      title={t`Sign-ins elsewhere`}
      intro={t`Accounts at other services that open this one. They learn nothing of what you do here.`}
    >
      {problem ? <Problem code={problem} /> : null}
      <Loaded query={linked}>{(list) => <LinkedList linked={list} />}</Loaded>
      <Offered providers={offered} />
    </Section>
  );
}

function Problem({ code }: { code: string }) {
  const { t } = useLingui();
  return (
    <p role="alert" className="rounded-md bg-danger-soft px-4 py-3 text-sm font-medium text-danger">
      {codeText(code) ?? t`Nothing was linked. Try again.`}
    </p>
  );
}

function LinkedList({ linked }: { linked: readonly LinkedSignIn[] }) {
  const { t } = useLingui();
  if (linked.length === 0) return <p className="text-muted">{t`No other service opens your account.`}</p>;
  return (
    <ul aria-label={t`Sign-ins elsewhere`} className="flex flex-col">
      {linked.map((one) => (
        <Linked key={one.id} one={one} />
      ))}
    </ul>
  );
}

function Linked({ one }: { one: LinkedSignIn }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [asking, ask] = useState(false);
  const { name } = one;
  const unlink = useMutation({
    mutationFn: () =>
      api.DELETE("/api/v1/users/me/linked-sign-ins/{linked_id}", { params: { path: { linked_id: one.id } } }),
    onSuccess: () => toast(t`${name} no longer opens your account.`, "success"),
    onError: sayFailure,
    onSettled: async () => {
      ask(false);
      await client.invalidateQueries({ queryKey: linkedQuery.queryKey });
    },
  });
  const since = longDate(one.created_at);
  const used = one.last_used_at ? ago(one.last_used_at) : null;
  return (
    <li className="flex items-center gap-4 border-t border-line py-4 first:border-t-0 first:pt-0">
      <ProviderBadge name={name} icon={one.icon} className="size-11 text-base" />
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p className="font-semibold">
          <bdi>{name}</bdi>
        </p>
        {one.email ? (
          <p className="text-sm break-all text-muted">
            <bdi>{one.email}</bdi>
          </p>
        ) : null}
        <p className="text-sm text-muted">
          {t`Linked ${since}`}
          {used ? ` · ${t`used ${used}`}` : ""}
        </p>
        {one.works ? null : <p className="text-sm text-muted">{t`Switched off here at present`}</p>}
      </div>
      <Button size="sm" onPress={() => ask(true)} aria-label={t`Unlink ${name}`}>
        {t`Unlink`}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => ask(false)}
        onConfirm={() => unlink.mutate()}
        title={t`Unlink ${name}?`}
        confirmLabel={t`Unlink`}
        pending={unlink.isPending}
      >
        {t`It no longer signs in to your account. You can link it again at any time.`}
      </ConfirmDialog>
    </li>
  );
}

function Offered({ providers }: { providers: readonly OfferedProvider[] }) {
  const { t } = useLingui();
  const leave = useMutation({
    mutationFn: (provider: string) => data(api.POST("/api/v1/users/me/linked-sign-ins", { body: { provider } })),
    onSuccess: ({ location }) => window.location.assign(location),
    onError: sayFailure,
  });
  return (
    <div className="flex flex-wrap gap-3 empty:hidden">
      {providers.map(({ id, name, icon }) => (
        <Button key={id} onPress={() => leave.mutate(id)} isPending={leave.isPending}>
          <ProviderBadge name={name} icon={icon} />
          {t`Link ${name}`}
        </Button>
      ))}
    </div>
  );
}
