import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { api, data, signOut } from "@/shared/api/client";
import { useMe } from "@/shared/api/me";
import type { PendingSignIn } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { ownPath } from "@/shared/lib/own-path";
import { useSignedIn } from "@/shared/lib/session";
import { useTitle } from "@/shared/lib/title";
import { Button, buttonClasses } from "@/shared/ui/button";
import { Skeleton, Spinner } from "@/shared/ui/progress";
import { toast } from "@/shared/ui/toast";
import { AuthCard, FormError } from "./auth-card";
import { useHashToken } from "./hash-token";

const HERE = "/sign-in/link-account";
const KEPT = "antiphon.pending-sign-in";

/** The ticket of the address, kept for this tab while its owner finds the way into their account. */
function useTicket(): string | null {
  const found = useHashToken("ticket")?.token ?? null;
  useEffect(() => {
    if (found !== null) sessionStorage.setItem(KEPT, found);
  }, [found]);
  return found ?? sessionStorage.getItem(KEPT);
}

/** Where a sign-in elsewhere arrives whose e-mail address has an account here already: both must be proven. */
export function LinkAccountPage() {
  const { t } = useLingui();
  const ticket = useTicket();
  const waiting = useQuery({
    queryKey: ["auth", "pending", ticket],
    queryFn: () => data(api.POST("/api/v1/auth/oidc/pending", { body: { ticket: ticket ?? "" } })),
    enabled: ticket !== null,
    retry: false,
    staleTime: Infinity,
  });
  useTitle(t`Connect your account`);
  if (ticket === null || waiting.isError) return <Over problem={waiting.isError ? errorText(waiting.error) : null} />;
  if (waiting.isPending) {
    return (
      <AuthCard title={t`Connect your account`}>
        <Skeleton className="h-24" />
      </AuthCard>
    );
  }
  return <Waiting ticket={ticket} pending={waiting.data} />;
}

function Over({ problem }: { problem: string | null }) {
  const { t } = useLingui();
  return (
    <AuthCard title={t`Connect your account`}>
      <FormError>{problem ?? t`There is nothing to connect. Start the sign-in again.`}</FormError>
      <Link to="/sign-in" search={{}} className={buttonClasses("primary", "lg")}>
        {t`Sign in`}
      </Link>
    </AuthCard>
  );
}

function Waiting({ ticket, pending }: { ticket: string; pending: PendingSignIn }) {
  const { t } = useLingui();
  const signedIn = useSignedIn();
  const provider = pending.provider_name;
  const email = pending.email ?? "";
  return (
    <AuthCard
      title={t`Connect ${provider} to your account`}
      intro={t`There is an account with the address ${email} already. Show that it is yours by signing in to it; from then on ${provider} opens it too.`}
    >
      {signedIn ? (
        <Confirm ticket={ticket} pending={pending} />
      ) : (
        <Link to="/sign-in" search={{ next: HERE }} className={buttonClasses("primary", "lg")}>
          {t`Sign in to my account`}
        </Link>
      )}
    </AuthCard>
  );
}

function Confirm({ ticket, pending }: { ticket: string; pending: PendingSignIn }) {
  const { t } = useLingui();
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const provider = pending.provider_name;
  const handle = me?.handle ?? "";
  const connect = useMutation({
    mutationFn: () => api.POST("/api/v1/users/me/linked-sign-ins/confirm", { body: { ticket } }),
    onSuccess: async () => {
      sessionStorage.removeItem(KEPT);
      await client.invalidateQueries({ queryKey: ["me"] });
      toast(t`${provider} is connected to your account.`, "success");
      await navigate({ to: ownPath(pending.next) ?? "/", replace: true });
    },
  });
  const leave = useMutation({ mutationFn: signOut });
  if (!me) return <Skeleton className="h-24" />;
  return (
    <div className="flex flex-col gap-3">
      <FormError>{connect.isError ? errorText(connect.error) : null}</FormError>
      <Button variant="primary" size="lg" onPress={() => connect.mutate()} isPending={connect.isPending}>
        {connect.isPending ? <Spinner /> : null}
        {t`Connect it to @${handle}`}
      </Button>
      <Button size="lg" onPress={() => leave.mutate()} isPending={leave.isPending}>
        {t`Use another account`}
      </Button>
    </div>
  );
}
