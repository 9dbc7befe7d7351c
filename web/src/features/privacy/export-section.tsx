import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useEffect } from "react";
import { api, data } from "@/shared/api/client";
import { subscribe } from "@/shared/api/socket";
import type { Export } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { byteSize, longDate } from "@/shared/lib/format";
import { newUuid } from "@/shared/lib/uuid";
import { Button, buttonClasses } from "@/shared/ui/button";
import { ProgressBar } from "@/shared/ui/progress";
import { Section } from "@/shared/ui/section";
import { toast } from "@/shared/ui/toast";
import { exportsQuery, isUnderWay } from "./api";

/** Everything that is known of the person: asked for, watched, fetched. */
export function ExportSection() {
  const { t } = useLingui();
  const client = useQueryClient();
  const { data: exports } = useQuery(exportsQuery);
  useEffect(
    () =>
      subscribe(
        "user:me",
        ({ event }) => {
          if (event === "export") void client.invalidateQueries({ queryKey: exportsQuery.queryKey });
        },
        () => void client.invalidateQueries({ queryKey: exportsQuery.queryKey }),
      ),
    [client],
  );
  const ask = useMutation({
    mutationFn: () =>
      data(api.POST("/api/v1/users/me/export", { params: { header: { "Idempotency-Key": newUuid() } } })),
    onSuccess: (asked) => {
      client.setQueryData(exportsQuery.queryKey, (known) => [asked, ...(known ?? [])]);
      // That it is made already may have been told before this answer came.
      void client.invalidateQueries({ queryKey: exportsQuery.queryKey });
    },
    onError: (error) => toast(errorText(error), "error"),
  });
  const newest = exports?.[0];
  const working = isUnderWay(newest);
  return (
    <Section
      id="export"
      title={t`Take everything with you`}
      intro={t`One archive with your account, your music, what you heard and what was noted about you.`}
    >
      {newest ? <Newest one={newest} /> : null}
      {working ? null : (
        <Button className="self-start" onPress={() => ask.mutate()} isPending={ask.isPending}>
          {newest ? t`Make a new archive` : t`Make an archive`}
        </Button>
      )}
      <p className="text-sm text-muted">
        {t`It is a ZIP that people and programs can read, kept for seven days. You can bring it to another Antiphon.`}
      </p>
    </Section>
  );
}

function Newest({ one }: { one: Export }) {
  const { t } = useLingui();
  if (isUnderWay(one))
    return (
      <div className="flex flex-col gap-2">
        <p role="status" className="font-semibold">
          {t`Your archive is being made. You will get a letter when it is there.`}
        </p>
        <ProgressBar label={t`Progress of the archive`} value={one.percent} />
      </div>
    );
  if (one.state === "failed") return <p role="status">{t`The archive could not be made. Try again.`}</p>;
  if (!one.download_url || !one.expires_at) return null;
  const until = longDate(one.expires_at);
  const size = byteSize(one.bytes ?? 0);
  return (
    <div className="flex flex-col items-start gap-3">
      <p role="status">
        {t`Your archive is ready.`} <span className="text-muted">{t`Here until ${until}.`}</span>
      </p>
      <a href={one.download_url} download className={buttonClasses("primary")}>
        <Download aria-hidden className="size-4" />
        {t`Download ${size}`}
      </a>
    </div>
  );
}
