import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";
import { linkedQuery } from "@/shared/api/linked";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { ProviderBadge } from "@/shared/ui/provider-badge";
import { Skeleton } from "@/shared/ui/progress";
import { FormError } from "./auth-card";

/** Leaves for the provider and comes back to this page; what was begun here is to be done again then. */
export function StepUpLinked() {
  const { t } = useLingui();
  const linked = useQuery(linkedQuery);
  const leave = useMutation({
    mutationFn: (provider: string) =>
      data(
        api.POST("/api/v1/auth/oidc/{provider}/step-up", {
          params: { path: { provider } },
          body: { next: window.location.pathname + window.location.search },
        }),
      ),
    onSuccess: ({ location }) => window.location.assign(location),
  });
  if (linked.isPending) return <Skeleton className="h-11" />;
  const working = (linked.data ?? []).filter((one, place, all) => {
    return one.works && all.findIndex((other) => other.provider === one.provider) === place;
  });
  return (
    <div className="flex flex-col gap-3">
      <FormError>{leave.isError ? errorText(leave.error) : null}</FormError>
      {working.map(({ provider, name, icon }) => (
        <Button key={provider} variant="primary" onPress={() => leave.mutate(provider)} isPending={leave.isPending}>
          <ProviderBadge name={name} icon={icon} />
          {t`Continue with ${name}`}
        </Button>
      ))}
      <p className="text-sm text-muted">{t`You come back to this page; then repeat what you wanted to do.`}</p>
    </div>
  );
}
