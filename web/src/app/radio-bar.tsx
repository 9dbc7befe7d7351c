import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Pause, Play, X } from "lucide-react";
import { radio, type RadioStation, useRadio } from "@/player";
import { IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { Spinner } from "@/shared/ui/progress";
import { Volume } from "./player-parts";

/** The player's bar while a station is on: there is no place to seek, and nothing that comes next. */
export function RadioBar({ station }: { station: RadioStation }) {
  const { t } = useLingui();
  const status = useRadio((state) => state.status);
  const sounding = status === "playing" || status === "loading";
  return (
    <section
      aria-label={t`Player`}
      className="fixed inset-x-0 bottom-(--bar-height) z-30 flex h-(--player-height) items-center gap-3 border-t border-line bg-raised px-3 lg:px-5"
    >
      <Cover image={station.cover} alt="" seed={station.id} sizes="56px" className="size-12 shrink-0 lg:size-14" />
      <div className="min-w-0 flex-1">
        <Link
          to="/radio"
          className="block w-fit max-w-full truncate rounded-sm text-sm font-semibold hover:underline"
          dir="auto"
        >
          {station.name}
        </Link>
        <p role="status" className="truncate text-sm text-muted">
          {status === "error"
            ? t`This station cannot be heard right now.`
            : status === "playing"
              ? t`On the air`
              : t`Radio`}
        </p>
      </div>
      <Volume className="hidden xl:flex" />
      <IconButton
        label={sounding ? t`Pause` : t`Play`}
        variant="primary"
        className="bg-ink! text-surface! hover:opacity-85"
        onPress={() => radio.toggle(station)}
      >
        {status === "loading" ? (
          <Spinner />
        ) : sounding ? (
          <Pause aria-hidden fill="currentColor" className="size-5" />
        ) : (
          <Play aria-hidden fill="currentColor" className="flip-rtl size-5" />
        )}
      </IconButton>
      <IconButton label={t`Switch the radio off`} onPress={radio.stop}>
        <X aria-hidden className="size-5" />
      </IconButton>
    </section>
  );
}
