import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import {
  EllipsisVertical,
  ExternalLink,
  ImageOff,
  ImageUp,
  Pause,
  Pencil,
  Play,
  Plus,
  RadioTower,
  Trash2,
} from "lucide-react";
import { useRef, useState } from "react";
import { radio, useRadio } from "@/player";
import { Failed, Loading, RowsSkeleton } from "@/features/browse/components/states";
import { useMe } from "@/shared/api/me";
import type { Station } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { useTitle } from "@/shared/lib/title";
import { Button, IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { EmptyState } from "@/shared/ui/empty-state";
import { Menu } from "@/shared/ui/menu";
import { PictureInput } from "@/shared/ui/picture-input";
import { sayFailure } from "@/shared/ui/say-failure";
import { dropStation, pictureStation, stationsQuery } from "./queries";
import { StationDialog } from "./station-dialog";

const host = (url: string): string => {
  try {
    return new URL(url).hostname.replace(/^www\./, "");
  } catch {
    return url;
  }
};

function Keeping({ station }: { station: Station }) {
  const { t } = useLingui();
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const remove = useMutation({ mutationFn: () => dropStation(station.id), onError: sayFailure });
  const input = useRef<HTMLInputElement>(null);
  const picture = useMutation({
    mutationFn: (file: File | null) => pictureStation(station.id, file),
    onError: sayFailure,
  });
  const name = station.name;
  const close = () => setOpen(null);
  return (
    <>
      <Menu
        label={t`Actions for ${name}`}
        trigger={
          <IconButton label={t`Actions for ${name}`} className="text-muted">
            <EllipsisVertical aria-hidden className="size-5" />
          </IconButton>
        }
        actions={[
          { id: "edit", label: t`Edit`, icon: <Pencil />, run: () => setOpen("edit") },
          { id: "picture", label: t`Choose a picture`, icon: <ImageUp />, run: () => input.current?.click() },
          ...(station.cover
            ? [{ id: "bare", label: t`No picture`, icon: <ImageOff />, run: () => picture.mutate(null) }]
            : []),
          { id: "delete", label: t`Delete`, icon: <Trash2 />, tone: "danger", run: () => setOpen("delete") },
        ]}
      />
      <PictureInput input={input} label={t`Picture of ${name}`} onChoose={(file) => picture.mutate(file)} />
      {open === "edit" ? <StationDialog station={station} onClose={close} /> : null}
      <ConfirmDialog
        open={open === "delete"}
        onClose={close}
        onConfirm={() => remove.mutate(undefined, { onSettled: close })}
        title={t`Delete ${name}?`}
        confirmLabel={t`Delete`}
        pending={remove.isPending}
      >
        {t`It is gone for everybody here, in the apps too.`}
      </ConfirmDialog>
    </>
  );
}

function Row({ station, keeps }: { station: Station; keeps: boolean }) {
  const { t } = useLingui();
  const state = useRadio();
  const on = state.station?.id === station.id;
  const sounding = on && (state.status === "playing" || state.status === "loading");
  const name = station.name;
  return (
    <li className={cx("flex items-center gap-4 rounded-lg border border-line bg-raised p-3", on && "bg-accent-soft!")}>
      <Cover image={station.cover} alt="" seed={station.id} sizes="56px" className="size-14 shrink-0 rounded-md" />
      <div className="min-w-0 flex-1">
        <h2 className="truncate font-semibold" dir="auto">
          {name}
        </h2>
        {station.home_page ? (
          <a
            href={station.home_page}
            target="_blank"
            rel="noreferrer noopener"
            className="inline-flex max-w-full items-center gap-1.5 truncate rounded-sm text-sm leading-6 text-muted hover:text-ink hover:underline"
          >
            {host(station.home_page)}
            <ExternalLink aria-hidden className="size-3.5 shrink-0" />
            <span className="sr-only">{t`(opens elsewhere)`}</span>
          </a>
        ) : (
          <p className="truncate text-sm text-muted">{host(station.stream_url)}</p>
        )}
        {on && state.status === "error" ? (
          <p role="alert" className="text-sm font-semibold text-danger">{t`This station cannot be heard right now.`}</p>
        ) : null}
      </div>
      <IconButton
        variant="primary"
        label={sounding ? t`Pause ${name}` : t`Play ${name}`}
        onPress={() => radio.toggle(station)}
      >
        {sounding ? (
          <Pause aria-hidden fill="currentColor" className="size-5" />
        ) : (
          <Play aria-hidden fill="currentColor" className="flip-rtl size-5" />
        )}
      </IconButton>
      {keeps ? <Keeping station={station} /> : null}
    </li>
  );
}

/** Internet radio: everybody listens, admins choose which stations there are. */
export function RadioPage() {
  const { t } = useLingui();
  useTitle(t`Radio`);
  const keeps = useMe()?.roles.includes("admin") ?? false;
  const stations = useQuery(stationsQuery);
  const [adding, setAdding] = useState(false);
  return (
    <div className="flex flex-col gap-8 px-4 pt-6 sm:px-8">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="display text-3xl">{t`Radio`}</h1>
        {keeps ? (
          <Button variant="primary" onPress={() => setAdding(true)}>
            <Plus aria-hidden className="size-4" />
            {t`Add a station`}
          </Button>
        ) : null}
      </div>
      {stations.isError ? <Failed error={stations.error} retry={() => void stations.refetch()} /> : null}
      {stations.isPending ? (
        <Loading>
          <RowsSkeleton rows={4} />
        </Loading>
      ) : null}
      {stations.data?.length === 0 ? (
        <EmptyState icon={<RadioTower />} title={t`No stations yet`}>
          {keeps ? t`Add the address of a stream, and everybody here can listen.` : t`An admin can add some.`}
        </EmptyState>
      ) : null}
      <ul aria-label={t`Radio`} className="grid gap-4 lg:grid-cols-2 2xl:grid-cols-3">
        {stations.data?.map((station) => (
          <Row key={station.id} station={station} keeps={keeps} />
        ))}
      </ul>
      {adding ? <StationDialog station={null} onClose={() => setAdding(false)} /> : null}
    </div>
  );
}
