import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FileArchive } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { ApiError } from "@/shared/api/errors";
import { subscribe } from "@/shared/api/socket";
import type { Import } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { count } from "@/shared/lib/format";
import { Button, buttonClasses } from "@/shared/ui/button";
import { ProgressBar } from "@/shared/ui/progress";
import { Section } from "@/shared/ui/section";
import { Switch } from "@/shared/ui/switch";
import { toast } from "@/shared/ui/toast";
import { importReportQuery, importsQuery, isUnderWay, sendArchive } from "./api";
import { Leftovers } from "./leftovers";
import { useKinds, useReasons } from "./words";

/** An archive of another Antiphon, taken in; what came with it, and what did not. */
export function ImportSection() {
  const { t } = useLingui();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [publish, setPublish] = useState(true);
  const reasons = useReasons();
  const { data: imports } = useQuery(importsQuery);
  useEffect(
    () =>
      subscribe(
        "user:me",
        ({ event }) => {
          if (event === "import") void client.invalidateQueries();
        },
        () => void client.invalidateQueries({ queryKey: importsQuery.queryKey }),
      ),
    [client],
  );
  const bring = useMutation({
    mutationFn: (archive: File) => sendArchive(archive, publish),
    onSuccess: (begun) => {
      client.setQueryData(importsQuery.queryKey, (known) => [begun, ...(known ?? [])]);
      // That it is read already may have been told before this answer came.
      void client.invalidateQueries({ queryKey: importsQuery.queryKey });
    },
    onError: (error) => {
      const reason = error instanceof ApiError ? error.members.reason : undefined;
      toast(typeof reason === "string" ? reasons(reason) : errorText(error), "error");
    },
  });
  const newest = imports?.[0];
  const working = bring.isPending || isUnderWay(newest) || newest?.state === "review";
  return (
    <Section
      id="import"
      title={t`Bring an archive`}
      intro={t`What you took with you from another Antiphon becomes yours here: artists, albums, tracks, playlists, likes, ratings, history. Music of others is found again where it is here too.`}
    >
      {bring.isPending ? <ProgressBar label={t`Sending the archive`} /> : newest ? <Report one={newest} /> : null}
      <Switch
        label={t`Publish what was public`}
        help={t`Otherwise everything comes as a draft.`}
        checked={publish}
        onChange={setPublish}
        disabled={working}
      />
      <Button
        className="self-start"
        onPress={() => input.current?.click()}
        isPending={bring.isPending}
        isDisabled={working}
      >
        <FileArchive aria-hidden className="size-4" />
        {t`Choose an archive`}
      </Button>
      <input
        ref={input}
        type="file"
        accept=".zip,application/zip"
        hidden
        aria-label={t`Archive`}
        onChange={(event) => {
          const archive = event.target.files?.[0];
          if (archive) bring.mutate(archive);
          event.target.value = "";
        }}
      />
    </Section>
  );
}

function Report({ one }: { one: Import }) {
  const { t } = useLingui();
  const kinds = useKinds();
  const reasons = useReasons();
  if (isUnderWay(one))
    return (
      <div className="flex flex-col gap-2">
        <p role="status" className="font-semibold">{t`Your archive is being taken in.`}</p>
        <ProgressBar label={t`Progress of the import`} value={one.percent} />
      </div>
    );
  if (one.state === "review")
    return (
      <div className="flex flex-col items-start gap-4">
        <p role="status" className="font-semibold">{t`Your archive waits for you to look it over.`}</p>
        <Link
          to="/settings/privacy/import/$importId"
          params={{ importId: one.id }}
          className={buttonClasses("primary")}
        >
          {t`Look it over`}
        </Link>
      </div>
    );
  if (one.state === "failed") return <p role="status">{reasons(one.error_code ?? "")}</p>;
  const taken = Object.entries(one.taken).filter(([, number]) => number > 0);
  return (
    <div className="flex flex-col gap-3">
      <p role="status" className="font-semibold">
        {taken.length > 0 ? t`This came with your archive:` : t`Everything in this archive was here already.`}
      </p>
      <ul className="grid grid-cols-2 gap-x-6 gap-y-1 sm:grid-cols-3">
        {taken.map(([kind, number]) => (
          <li key={kind} className="text-sm">
            <span className="font-semibold">{count(number)}</span> <span className="text-muted">{kinds(kind)}</span>
          </li>
        ))}
      </ul>
      {one.left > 0 ? <NotTaken id={one.id} left={one.left} /> : null}
    </div>
  );
}

function NotTaken({ id, left }: { id: string; left: number }) {
  const { t } = useLingui();
  const { data: report } = useQuery(importReportQuery(id));
  const number = count(left);
  return (
    <details className="rounded-md border border-line px-4 py-2">
      <summary className="min-h-9 cursor-pointer py-1.5 text-sm font-semibold">{t`Not taken: ${number}`}</summary>
      <Leftovers leftovers={report?.leftovers ?? []} />
    </details>
  );
}
