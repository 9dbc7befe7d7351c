import { Plural, useLingui } from "@lingui/react/macro";
import { RefreshCw, Square } from "lucide-react";
import type { ReactNode } from "react";
import { api, data } from "@/shared/api/client";
import type { Library, Scan } from "@/shared/api/types";
import { ago, count } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { ProgressBar } from "@/shared/ui/progress";
import { isUnderWay, LIBRARIES, useScan } from "./library-queries";
import { FAILURES, STATES } from "./library-words";
import { useDeed } from "./use-deed";

/** How the last scan of a library stands, and the way to begin or end one. */
export function ScanState({ library, whole = false }: { library: Library; whole?: boolean }) {
  const { t } = useLingui();
  const { name, id } = library;
  const { data: scan } = useScan(id);
  const params = { path: { library_id: id } };
  const begin = useDeed(
    (full: boolean) => data(api.POST("/api/v1/libraries/{library_id}/scan", { params, body: { full } })),
    t`The scan of ${name} begins.`,
    [...LIBRARIES, id],
  );
  const end = useDeed(
    () => data(api.POST("/api/v1/libraries/{library_id}/scan/cancel", { params })),
    t`The scan of ${name} ends.`,
    [...LIBRARIES, id],
  );
  if (scan === undefined) return null;
  const running = isUnderWay(scan);
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-3">
      <div className="flex min-w-56 flex-1 flex-col gap-2">
        {scan && running ? <Running scan={scan} name={name} /> : <Rested scan={scan} />}
      </div>
      {running ? (
        <Button
          size="sm"
          isPending={end.isPending}
          onPress={() => end.mutate(undefined)}
          aria-label={t`Cancel the scan of ${name}`}
        >
          <Square aria-hidden className="size-4" />
          {t`Cancel`}
        </Button>
      ) : (
        <div className="flex flex-wrap gap-3">
          <Button
            size="sm"
            isPending={begin.isPending}
            onPress={() => begin.mutate(false)}
            aria-label={t`Scan ${name}`}
          >
            <RefreshCw aria-hidden className="size-4" />
            {t`Scan`}
          </Button>
          {whole && scan ? (
            <Button size="sm" variant="ghost" isDisabled={begin.isPending} onPress={() => begin.mutate(true)}>
              {t`Read every file anew`}
            </Button>
          ) : null}
        </div>
      )}
    </div>
  );
}

function Running({ scan, name }: { scan: Scan; name: string }) {
  const { t, i18n } = useLingui();
  const done = count(scan.done);
  const found = count(scan.found);
  const files = scan.found;
  return (
    <>
      <p className="flex flex-wrap justify-between gap-x-4 text-sm">
        <span className="font-semibold">{i18n._(STATES[scan.state])}</span>
        <span className="numbers text-muted">
          {scan.percent === null ? (
            <Plural value={files} one="# file found" other="# files found" />
          ) : (
            t`${done} of ${found} files`
          )}
        </span>
      </p>
      <ProgressBar label={t`Scan of ${name}`} {...(scan.percent === null ? {} : { value: scan.percent })} />
    </>
  );
}

function Rested({ scan }: { scan: Scan | null }) {
  const { t, i18n } = useLingui();
  if (scan === null) return <p className="text-sm text-muted">{t`Not scanned yet`}</p>;
  const when = scan.finished_at ? ago(scan.finished_at) : "";
  const failed = scan.state === "failed";
  const files = scan.found;
  const why = failed ? FAILURES[scan.error_code ?? ""] : undefined;
  return (
    <>
      <p className="flex flex-wrap gap-x-2 text-sm text-muted">
        <span className={failed ? "font-semibold text-danger" : "font-semibold text-ink"}>
          {i18n._(STATES[scan.state])}
        </span>
        <span aria-hidden>·</span>
        <span>{when}</span>
        <span aria-hidden>·</span>
        <Plural value={files} one="# file" other="# files" />
      </p>
      {failed ? <p className="text-sm text-danger">{why ? i18n._(why) : scan.error_detail}</p> : null}
      <Counts scan={scan} />
    </>
  );
}

function Counts({ scan }: { scan: Scan }) {
  const { added, changed, moved, missing, unreadable } = scan;
  const counts: [number, ReactNode][] = [
    [added, <Plural key="added" value={added} one="# added" other="# added" />],
    [changed, <Plural key="changed" value={changed} one="# changed" other="# changed" />],
    [moved, <Plural key="moved" value={moved} one="# moved" other="# moved" />],
    [missing, <Plural key="missing" value={missing} one="# missing" other="# missing" />],
    [unreadable, <Plural key="unreadable" value={unreadable} one="# not readable" other="# not readable" />],
  ];
  const said = counts.filter(([value]) => value > 0);
  if (said.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-x-4 text-sm text-muted">
      {said.map(([, words], index) => (
        <li key={index} className="numbers">
          {words}
        </li>
      ))}
    </ul>
  );
}
