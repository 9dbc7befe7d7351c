import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Check, CircleAlert, FileAudio, Folder, Pause, Play, RotateCcw, X } from "lucide-react";
import type { ReactNode } from "react";
import {
  type UploadItem,
  cancelUpload,
  hasHandle,
  pauseUpload,
  reopenLost,
  resumeUpload,
} from "@/features/studio/model/upload-queue";
import { remainingMs } from "@/features/studio/model/speed";
import { cx } from "@/shared/lib/class-names";
import { byteSize, spokenLength } from "@/shared/lib/format";
import { Button, IconButton, buttonClasses } from "@/shared/ui/button";
import { ProgressBar } from "@/shared/ui/progress";
import { useWords } from "./words";

/** One file on its way: what is happening to it, and what one can do about it. */
export function UploadRow({ item }: { item: UploadItem }) {
  const failed = item.status === "refused" || item.progress?.status === "failed";
  const ready = item.progress?.status === "ready";
  const Icon = failed ? CircleAlert : ready ? Check : FileAudio;
  return (
    <li className="flex flex-col gap-3 border-b border-line py-4 last:border-b-0">
      <div className="flex items-center gap-4">
        <span
          aria-hidden
          className={cx(
            "grid size-11 shrink-0 place-items-center rounded-md",
            failed ? "bg-danger-soft text-danger" : ready ? "bg-success-soft text-success" : "bg-hover text-muted",
          )}
        >
          <Icon className="size-5" />
        </span>
        <div className="flex min-w-0 flex-1 flex-col gap-0.5">
          <p className="truncate font-semibold">
            <bdi>{item.name}</bdi>
          </p>
          <Facts item={item} />
        </div>
        <Actions item={item} />
      </div>
      <Progress item={item} />
    </li>
  );
}

function Facts({ item }: { item: UploadItem }) {
  return (
    <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
      {item.folder ? (
        <span className="flex min-w-0 items-center gap-1">
          <Folder aria-hidden className="size-3.5 shrink-0" />
          <span className="truncate" dir="auto">
            {item.folder}
          </span>
        </span>
      ) : null}
      <span className="numbers">{byteSize(item.size)}</span>
      <State item={item} />
    </p>
  );
}

function State({ item }: { item: UploadItem }) {
  const { t } = useLingui();
  const words = useWords();
  const say = (text: string, tone = ""): ReactNode => (
    <>
      <span aria-hidden>·</span>
      <span className={cx("numbers", tone)}>{text}</span>
    </>
  );
  if (item.error) return say(words.problem(item.error), "font-medium text-danger");
  if (item.progress?.error) return say(words.problem(item.progress.error), "font-medium text-danger");
  if (item.status === "waiting") return say(t`Waiting`);
  if (item.status === "paused") return say(t`Paused`);
  if (item.status === "lost") {
    return say(hasHandle(item.key) ? t`Broken off: may go on` : t`Broken off: drop the same file again to go on`);
  }
  if (item.reconnecting) return say(t`Connection lost, trying again`, "text-warning");
  if (item.status === "sending") {
    const left = remainingMs(item.size - item.sentBytes, item.bytesPerSecond);
    const speed = byteSize(item.bytesPerSecond);
    if (left === null) return say(t`Starting`);
    const rest = spokenLength(Math.max(1000, left));
    return say(t`${speed}/s, ${rest} left`);
  }
  if (item.progress?.renditions_complete) return say(t`Ready`, "text-success");
  return item.progress?.status === "ready" ? say(t`Plays already, still encoding`, "text-success") : null;
}

function Progress({ item }: { item: UploadItem }) {
  const { t } = useLingui();
  const { name } = item;
  if (item.status === "received") return item.progress ? <Steps progress={item.progress} name={name} /> : null;
  if (item.status === "refused") return null;
  const percent = item.size > 0 ? (item.sentBytes * 100) / item.size : 0;
  return <ProgressBar label={t`Upload of ${name}`} value={percent} />;
}

/** The stages a person cares about; the finer steps run side by side and are named next to the bar. */
function Steps({ progress, name }: { progress: NonNullable<UploadItem["progress"]>; name: string }) {
  const { t } = useLingui();
  const words = useWords();
  if (progress.status === "failed" || progress.renditions_complete) return null;
  const checked = progress.step !== "accept" && progress.step !== "probe";
  const stages = [
    { text: t`Received`, done: true },
    { text: t`Checked`, done: checked },
    { text: t`Plays`, done: progress.status === "ready" },
    { text: t`All versions made`, done: false },
  ];
  const at = stages.findIndex((stage) => !stage.done);
  const doing = words.step(progress.step);
  return (
    <div className="flex flex-col gap-2">
      <ol className="scroll-row flex gap-x-5 gap-y-1" aria-label={t`Processing of ${name}`}>
        {stages.map(({ text, done }, index) => (
          <li
            key={text}
            aria-current={index === at ? "step" : undefined}
            className={cx(
              "flex items-center gap-1.5 text-xs font-semibold whitespace-nowrap",
              done ? "text-success" : index === at ? "text-ink" : "text-faint",
            )}
          >
            {done ? (
              <Check aria-hidden className="size-3.5" />
            ) : (
              <span aria-hidden className={cx("size-2 rounded-full", index === at ? "bg-accent" : "bg-line-strong")} />
            )}
            {text}
            {done ? <span className="sr-only">{t`done`}</span> : null}
          </li>
        ))}
        <li className="numbers ms-auto text-xs whitespace-nowrap text-muted">{doing}</li>
      </ol>
      <ProgressBar label={doing} value={progress.percent} />
    </div>
  );
}

function Actions({ item }: { item: UploadItem }) {
  const { t } = useLingui();
  const { name } = item;
  if (item.contentId) {
    return (
      <Link
        to="/studio/tracks/$trackId"
        params={{ trackId: item.contentId }}
        className={buttonClasses("secondary", "sm")}
      >
        <Trans>Edit</Trans>
        <span className="sr-only">{name}</span>
      </Link>
    );
  }
  return (
    <div className="flex shrink-0 items-center">
      {item.status === "sending" || item.status === "waiting" ? (
        <IconButton label={t`Pause ${name}`} size="sm" onPress={() => pauseUpload(item.key)}>
          <Pause aria-hidden className="size-4" />
        </IconButton>
      ) : null}
      {item.status === "paused" ? (
        <IconButton label={t`Continue ${name}`} size="sm" onPress={() => resumeUpload(item.key)}>
          <Play aria-hidden className="flip-rtl size-4" />
        </IconButton>
      ) : null}
      {item.status === "lost" && hasHandle(item.key) ? (
        <Button size="sm" onPress={() => void reopenLost(item.key)}>
          <Trans>Continue</Trans>
        </Button>
      ) : null}
      {item.status === "refused" && mayHelp(item) ? (
        <IconButton label={t`Try ${name} again`} size="sm" onPress={() => resumeUpload(item.key)}>
          <RotateCcw aria-hidden className="size-4" />
        </IconButton>
      ) : null}
      <IconButton
        label={item.status === "refused" ? t`Remove ${name} from the list` : t`Cancel ${name}`}
        size="sm"
        onPress={() => cancelUpload(item.key)}
      >
        <X aria-hidden className="size-4" />
      </IconButton>
    </div>
  );
}

const FINAL = new Set(["unsupported_media_type", "empty_file", "upload_too_large"]);

/** Whether another try could end otherwise. */
const mayHelp = (item: UploadItem): boolean => !FINAL.has(item.error?.code ?? "");
