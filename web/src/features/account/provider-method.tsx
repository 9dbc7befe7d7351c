import { useLingui } from "@lingui/react/macro";
import { leaveToSignIn } from "@/shared/api/arrival";
import type { OfferedProvider } from "@/shared/api/types";
import { Button } from "@/shared/ui/button";
import { ProviderBadge } from "@/shared/ui/provider-badge";
import type { MethodProps, Newcomer } from "./methods";
import { useOffers } from "./offers";

/** Sign-ins elsewhere that this installation offers; each leaves for its provider and comes back with a session. */
export function ProviderMethod({ next, newcomer }: MethodProps & { newcomer?: Newcomer }) {
  const { t } = useLingui();
  const offers = useOffers();
  return offers?.providers.map((provider) => {
    const { name } = provider;
    return (
      <Button
        key={provider.id}
        size="lg"
        onPress={() => leaveToSignIn(startOf(provider, next, newcomer?.invitation.trim()))}
      >
        <ProviderBadge name={name} icon={provider.icon} />
        {t`Continue with ${name}`}
      </Button>
    );
  });
}

function startOf(provider: OfferedProvider, next: string | undefined, invitation: string | undefined): string {
  const query = new URLSearchParams();
  if (next) query.set("next", next);
  if (invitation) query.set("invitation", invitation);
  const asked = query.toString();
  return `/api/v1/auth/oidc/${provider.id}/start${asked ? `?${asked}` : ""}`;
}
