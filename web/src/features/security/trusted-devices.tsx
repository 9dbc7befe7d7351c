import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "@/shared/api/client";
import type { TrustedDevice } from "@/shared/api/types";
import { deviceName } from "@/shared/lib/device-name";
import { errorText } from "@/shared/lib/error-text";
import { ago, longDate } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { Section } from "@/shared/ui/section";
import { toast } from "@/shared/ui/toast";
import { trustedDevicesQuery } from "./factor-queries";

/** Devices that are asked for no second factor; nothing is shown where there is none. */
export function TrustedDevices() {
  const { t } = useLingui();
  const devices = useQuery(trustedDevicesQuery).data ?? [];
  if (devices.length === 0) return null;
  return (
    <Section
      title={t`Trusted devices`}
      intro={t`They sign in without a second factor for 30 days. A new password or a change of factors ends that.`}
    >
      <ul aria-label={t`Trusted devices`} className="flex flex-col">
        {devices.map((device) => (
          <Trusted key={device.id} device={device} />
        ))}
      </ul>
    </Section>
  );
}

function Trusted({ device }: { device: TrustedDevice }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const name = deviceName(device.user_agent);
  const distrust = useMutation({
    mutationFn: () =>
      api.DELETE("/api/v1/users/me/trusted-devices/{device_id}", { params: { path: { device_id: device.id } } }),
    onSuccess: () => toast(t`${name} is asked for a second factor again.`, "success"),
    onError: (error) => toast(errorText(error), "error"),
    onSettled: () => client.invalidateQueries({ queryKey: ["me"] }),
  });
  const used = ago(device.last_used_at);
  const until = longDate(device.expires_at);
  return (
    <li className="flex items-center gap-4 border-t border-line py-4 first:border-t-0 first:pt-0">
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1 font-semibold">
          <bdi>{name}</bdi>
          {device.current ? (
            <span className="rounded-full bg-success-soft px-2.5 py-0.5 text-xs font-semibold text-success">
              {t`This device`}
            </span>
          ) : null}
        </p>
        <p className="text-sm text-muted">{t`Used ${used}, trusted until ${until}`}</p>
      </div>
      <Button size="sm" onPress={() => distrust.mutate()} isPending={distrust.isPending}>
        {t`Trust no more`}
      </Button>
    </li>
  );
}
