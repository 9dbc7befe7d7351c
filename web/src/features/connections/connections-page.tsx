import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Page } from "@/shared/ui/page";
import { Skeleton } from "@/shared/ui/progress";
import { AppsThatTell } from "./apps-that-tell";
import { ComingBack } from "./coming-back";
import { scrobblersQuery } from "./queries";
import { Service } from "./service";

export function ConnectionsPage() {
  const { t } = useLingui();
  const services = useQuery(scrobblersQuery);
  return (
    <Page
      title={t`Connections`}
      intro={t`Services that are told what you hear, and apps that tell this server. What you hear in a private session is told to nobody.`}
      back={{ to: "/settings", label: t`Settings` }}
    >
      <ComingBack />
      {services.isPending ? <Skeleton className="mb-9 h-32" /> : null}
      {services.isError && !services.data ? (
        <div role="alert" className="flex flex-wrap items-center gap-4 pb-9 text-sm text-muted">
          {errorText(services.error)}
          <Button size="sm" onPress={() => void services.refetch()}>{t`Try again`}</Button>
        </div>
      ) : null}
      {services.data?.map((service) => (
        <Service key={service.id} service={service} />
      ))}
      <AppsThatTell />
    </Page>
  );
}
