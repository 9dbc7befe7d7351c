import { useLingui } from "@lingui/react/macro";
import { CloudOff, Download, Pause, Pin, PinOff, Play, RotateCw, Trash2 } from "lucide-react";
import { useEffect, useState } from "react";
import { BUDGETS, downloads, type Kept, player, used, useDownloads } from "@/player";
import { codeText } from "@/shared/lib/error-text";
import { byteSize } from "@/shared/lib/format";
import { newUuid } from "@/shared/lib/uuid";
import { Button, IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { EmptyState } from "@/shared/ui/empty-state";
import { Page } from "@/shared/ui/page";
import { ProgressBar, Spinner } from "@/shared/ui/progress";
import { sayFailure } from "@/shared/ui/say-failure";
import { Select } from "@/shared/ui/select";
import { useKeptWords } from "./words";

type Group = { id: string; title: string; tracks: Kept[] };

/** In the order in which they were kept: albums and playlists together, single tracks each for itself. */
function grouped(all: readonly Kept[]): Group[] {
  const groups = new Map<string, Group>();
  for (const kept of all) {
    const { id, title } = kept.from ?? { id: kept.trackId, title: kept.item.title };
    const group = groups.get(id) ?? { id, title, tracks: [] };
    group.tracks.push(kept);
    groups.set(id, group);
  }
  return [...groups.values()];
}

function Room({ all }: { all: readonly Kept[] }) {
  const { t } = useLingui();
  const { budget, paused, full } = useDownloads();
  const [spent, most] = [byteSize(used(all)), byteSize(budget)];
  const busy = all.some((one) => one.state === "waiting" || one.state === "loading");
  return (
    <section className="flex flex-col gap-4 pb-8">
      <ProgressBar
        label={t`Room on this device`}
        value={(used(all) / budget) * 100}
        tone={full ? "danger" : "accent"}
      />
      <div className="flex flex-wrap items-end justify-between gap-4">
        <p role="status" className="text-sm text-muted">
          {full === "budget"
            ? t`The room is used up. Give more, or remove something.`
            : full === "device"
              ? t`This device has no room left. Remove something here, or make room elsewhere on it.`
              : t`${spent} of ${most} used`}
        </p>
        <div className="flex flex-wrap items-end gap-3">
          {full === "device" ? <Button onPress={() => void downloads.look()}>{t`Try again`}</Button> : null}
          {busy && full === null ? (
            <Button onPress={() => downloads.pause(!paused)}>
              {paused ? <Play aria-hidden className="flip-rtl size-4" /> : <Pause aria-hidden className="size-4" />}
              {paused ? t`Go on` : t`Pause`}
            </Button>
          ) : null}
          <Select
            label={t`Room for downloads`}
            options={BUDGETS.map((bytes) => ({ id: String(bytes), label: byteSize(bytes) }))}
            value={String(budget)}
            onChange={(bytes) => downloads.setBudget(Number(bytes))}
            className="w-44"
          />
        </div>
      </div>
    </section>
  );
}

function Row({ kept, play }: { kept: Kept; play: () => void }) {
  const { t } = useLingui();
  const words = useKeptWords();
  const { title, artist, cover } = kept.item;
  return (
    <li className="flex items-center gap-3 rounded-md p-2 hover:bg-hover">
      <Cover
        image={cover}
        alt=""
        seed={kept.item.album?.id ?? kept.trackId}
        sizes="44px"
        className="size-11 shrink-0"
      />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm font-semibold" dir="auto">
          {title}
        </span>
        <span className="block truncate text-sm text-muted">
          <bdi>{artist.name}</bdi> · {words(kept)}
        </span>
      </span>
      {kept.state === "ready" ? (
        <>
          <IconButton label={t`Play ${title}`} onPress={play}>
            <Play aria-hidden className="flip-rtl size-5" />
          </IconButton>
          <IconButton
            label={kept.pinned ? t`Let ${title} go when room is needed` : t`Never clear ${title} away`}
            pressed={kept.pinned}
            onPress={() => downloads.pin(kept.trackId, !kept.pinned).catch(sayFailure)}
          >
            {kept.pinned ? <Pin aria-hidden className="size-5" /> : <PinOff aria-hidden className="size-5" />}
          </IconButton>
        </>
      ) : null}
      {kept.state === "failed" || kept.state === "refused" ? (
        <IconButton label={t`Try ${title} again`} onPress={() => downloads.retry(kept.trackId).catch(sayFailure)}>
          <RotateCw aria-hidden className="size-5" />
        </IconButton>
      ) : null}
      <IconButton
        label={t`Remove ${title} from this device`}
        onPress={() => downloads.forget([kept.trackId]).catch(sayFailure)}
      >
        <Trash2 aria-hidden className="size-5" />
      </IconButton>
    </li>
  );
}

function Kepts({ all }: { all: readonly Kept[] }) {
  const ready = all.filter((one) => one.state === "ready");
  const playFrom = (kept: Kept) => {
    const items = ready.map((one) => ({ ...one.item, key: newUuid() }));
    player.playNow(items, Math.max(0, ready.indexOf(kept)));
  };
  return (
    <div className="flex flex-col gap-8">
      {grouped(all).map((group) => (
        <section key={group.id} className="flex flex-col gap-2">
          <h2 className="display text-lg" dir="auto">
            {group.title}
          </h2>
          <ul className="flex flex-col">
            {group.tracks.map((kept) => (
              <Row key={kept.trackId} kept={kept} play={() => playFrom(kept)} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

/** What is kept on this device, how much room it takes, and how far the rest is. */
export function DownloadsPage() {
  const { t } = useLingui();
  const kept = useDownloads((state) => state.kept);
  const closed = useDownloads((state) => state.closed);
  const [clearing, setClearing] = useState(false);
  useEffect(() => {
    if (kept === null) downloads.look().catch(sayFailure);
  }, [kept]);
  const all = [...(kept?.values() ?? [])];
  return (
    <Page title={t`Downloads`} intro={t`Kept on this device, to be heard without the network. Only you see them here.`}>
      {kept === null ? (
        <Spinner />
      ) : closed ? (
        <EmptyState
          icon={<CloudOff />}
          title={t`Nothing can be kept here`}
          actions={<Button onPress={() => void downloads.look()}>{t`Try again`}</Button>}
        >
          {codeText("device_closed")}
        </EmptyState>
      ) : all.length === 0 ? (
        <EmptyState icon={<Download />} title={t`Nothing is kept here yet`}>
          {t`Albums, playlists and tracks have a button for it on their pages.`}
        </EmptyState>
      ) : (
        <>
          <Room all={all} />
          <Kepts all={all} />
          <Button variant="ghost" className="mt-8" onPress={() => setClearing(true)}>
            {t`Remove everything`}
          </Button>
          <ConfirmDialog
            open={clearing}
            onClose={() => setClearing(false)}
            onConfirm={() => {
              setClearing(false);
              downloads.forget(all.map((one) => one.trackId)).catch(sayFailure);
            }}
            title={t`Remove all downloads?`}
            confirmLabel={t`Remove everything`}
          >
            {t`They stay on the server; only this device forgets them.`}
          </ConfirmDialog>
        </>
      )}
    </Page>
  );
}
