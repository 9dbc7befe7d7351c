import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { MailPlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { api, data } from "@/shared/api/client";
import type { Invitation } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { longDate } from "@/shared/lib/format";
import { Badge } from "@/shared/ui/badge";
import { Button } from "@/shared/ui/button";
import { CopyField } from "@/shared/ui/copy-field";
import { EmptyState } from "@/shared/ui/empty-state";
import { ShowMore } from "@/shared/ui/show-more";
import { TextField } from "@/shared/ui/text-field";
import { toast } from "@/shared/ui/toast";
import { PageSkeleton, PageTitle } from "./layout";
import { invitationsQuery } from "./queries";

/** Who may come in where people come by invitation, and who did. */
export default function InvitationsPage() {
  const { t } = useLingui();
  return (
    <>
      <PageTitle title={t`Invitations`} intro={t`Each is for one account, and holds for two weeks.`} />
      <Invite />
      <Invitations />
    </>
  );
}

function Invite() {
  const { t } = useLingui();
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [note, setNote] = useState("");
  const invite = useMutation({
    mutationFn: () =>
      data(api.POST("/api/v1/invitations", { body: { email: email.trim() || null, note: note.trim() } })),
    onSuccess: (made) => {
      setEmail("");
      setNote("");
      if (!made.token) toast(t`The invitation is on its way.`, "success");
    },
    onSettled: () => client.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  });

  function submit(event: FormEvent) {
    event.preventDefault();
    invite.mutate();
  }
  const token = invite.data?.token;
  return (
    <div className="flex flex-col gap-6 pb-10">
      <form onSubmit={submit} className="grid items-start gap-5 sm:grid-cols-2" noValidate>
        <TextField
          label={t`Email`}
          type="email"
          dir="ltr"
          autoComplete="off"
          value={email}
          onChange={setEmail}
          help={t`Then only this address can use it. Empty: whoever has the link.`}
          error={invite.isError ? errorText(invite.error) : null}
        />
        <TextField
          label={t`Note`}
          dir="auto"
          maxLength={500}
          value={note}
          onChange={setNote}
          help={t`For yourself: whom it is for.`}
        />
        <Button type="submit" variant="primary" className="justify-self-start" isPending={invite.isPending}>
          <MailPlus aria-hidden className="size-5" />
          {t`Invite`}
        </Button>
      </form>
      <div role="status" className="empty:hidden">
        {token ? (
          <div className="flex flex-col gap-3 rounded-lg border border-line bg-raised p-5">
            <p className="font-semibold">{t`Give this link to whom you invite. It is shown only now.`}</p>
            <CopyField label={t`Link`} value={`${window.location.origin}/sign-up#invitation=${token}`} />
          </div>
        ) : null}
      </div>
    </div>
  );
}

function Invitations() {
  const { t } = useLingui();
  const found = useInfiniteQuery(invitationsQuery);
  if (found.isPending) return <PageSkeleton />;
  if (found.isLoadingError)
    return <EmptyState title={t`The list cannot be shown`}>{errorText(found.error)}</EmptyState>;
  const invitations = found.data.pages.flatMap((page) => page.items);
  if (invitations.length === 0) return null;
  return (
    <>
      <ul aria-label={t`Invitations`} className="flex flex-col border-t border-line">
        {invitations.map((invitation) => (
          <Row key={invitation.id} invitation={invitation} />
        ))}
      </ul>
      <ShowMore pages={found} className="mt-6" />
    </>
  );
}

function Row({ invitation }: { invitation: Invitation }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const whom = invitation.email ?? t`Whoever has the link`;
  const revoke = useMutation({
    mutationFn: () =>
      api.DELETE("/api/v1/invitations/{invitation_id}", { params: { path: { invitation_id: invitation.id } } }),
    onSuccess: () => toast(t`The invitation is taken back.`, "success"),
    onError: (error) => toast(errorText(error), "error"),
    onSettled: () => client.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  });
  const made = longDate(invitation.created_at);
  const open = invitation.used_at === null && Date.parse(invitation.expires_at) > Date.now();
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line py-3">
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p className="flex flex-wrap items-center gap-3 font-semibold">
          <bdi className="break-all">{whom}</bdi>
          <State invitation={invitation} open={open} />
        </p>
        <p className="text-sm break-words text-muted">
          {t`made on ${made}`}
          {invitation.note ? (
            <>
              {" · "}
              <bdi>{invitation.note}</bdi>
            </>
          ) : null}
        </p>
      </div>
      {open ? (
        <Button
          size="sm"
          onPress={() => revoke.mutate()}
          isPending={revoke.isPending}
          aria-label={t`Take back the invitation for ${whom}`}
        >
          {t`Take back`}
        </Button>
      ) : null}
    </li>
  );
}

function State({ invitation, open }: { invitation: Invitation; open: boolean }) {
  const { t } = useLingui();
  if (invitation.used_at) return <Badge tone="success">{t`Used`}</Badge>;
  return open ? <Badge tone="accent">{t`Not used yet`}</Badge> : <Badge>{t`Run out`}</Badge>;
}
