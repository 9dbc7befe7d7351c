import { useLingui } from "@lingui/react/macro";
import { Pause, Play, Shuffle } from "lucide-react";
import { player, queueItemFromTrack, usePlayer } from "@/player";
import type { Track } from "@/shared/api/types";
import { Button, IconButton } from "@/shared/ui/button";
import { KeepButton } from "./keep-button";

type PlayAllProps = {
  tracks: readonly Track[];
  /** The album or playlist that they are; it can be kept on the device. */
  from?: { id: string; title: string };
};

/** Plays the tracks in order; while one of them plays it pauses and goes on. */
export function PlayAll({ tracks, from }: PlayAllProps) {
  const { t } = useLingui();
  const playable = tracks.filter((track) => track.playable);
  const ids = new Set(playable.map((track) => track.id));
  const current = usePlayer((state) => ids.has(state.queue[state.index]?.trackId ?? ""));
  const sounding = usePlayer((state) => current && (state.status === "playing" || state.status === "buffering"));
  const items = () => playable.map(queueItemFromTrack);
  // The way of the hand to the button is time enough to learn where the sound lies.
  const prepare = () => {
    if (playable[0] && !current) player.prefetch(playable[0].id);
  };
  return (
    <>
      <Button
        variant="primary"
        size="lg"
        isDisabled={playable.length === 0}
        onHoverStart={prepare}
        onFocus={prepare}
        onPress={() => (current ? player.toggle() : player.playNow(items(), 0))}
      >
        {sounding ? (
          <Pause aria-hidden fill="currentColor" className="size-5" />
        ) : (
          <Play aria-hidden fill="currentColor" className="flip-rtl size-5" />
        )}
        {sounding ? t`Pause` : t`Play`}
      </Button>
      {playable.length > 1 ? (
        <IconButton
          label={t`Play in random order`}
          variant="secondary"
          className="size-12!"
          onPress={() => {
            player.setShuffle(true);
            player.playNow(items(), Math.floor(Math.random() * playable.length));
          }}
        >
          <Shuffle aria-hidden className="size-5" />
        </IconButton>
      ) : null}
      {from ? <KeepButton items={items} ids={[...ids]} from={from} /> : null}
    </>
  );
}
