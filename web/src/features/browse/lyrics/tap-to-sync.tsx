import { useLingui } from "@lingui/react/macro";
import { Minus, Pause, Play, Plus, Undo2 } from "lucide-react";
import { useEffect, useRef } from "react";
import { player, queueItemFromTrack, usePlayer, usePosition } from "@/player";
import type { Track } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { clockTime } from "@/shared/lib/format";
import { Button, IconButton } from "@/shared/ui/button";
import { type Draft, nextOpen, stamped } from "./timing";

const NUDGE_MS = 100;
const LEAD_MS = 2_000;

type Props = { track: Track; lines: readonly Draft[]; onChange: (lines: Draft[]) => void };

function LineRow({
  line,
  open,
  seek,
  nudge,
}: {
  line: Draft;
  open: boolean;
  seek: () => void;
  nudge: (ms: number) => void;
}) {
  const { t } = useLingui();
  const words = line.text || "♪";
  return (
    <li
      aria-current={open ? "step" : undefined}
      className={cx("flex min-h-12 items-center gap-3 rounded-md px-3", open && "bg-accent-soft")}
    >
      <span className={cx("min-w-0 flex-1 truncate", open ? "font-semibold" : "text-muted")} dir="auto">
        {words}
      </span>
      {line.startMs === null ? (
        <span className="numbers text-sm text-faint">–:––</span>
      ) : (
        <>
          <IconButton label={t`Earlier: ${words}`} size="sm" onPress={() => nudge(-NUDGE_MS)}>
            <Minus aria-hidden className="size-4" />
          </IconButton>
          <Button variant="ghost" size="sm" className="numbers px-2!" onPress={seek}>
            {clockTime(line.startMs)}
            <span className="text-faint">.{String(Math.floor((line.startMs % 1000) / 100))}</span>
          </Button>
          <IconButton label={t`Later: ${words}`} size="sm" onPress={() => nudge(NUDGE_MS)}>
            <Plus aria-hidden className="size-4" />
          </IconButton>
        </>
      )}
    </li>
  );
}

/** The music plays; a tap says that the next line begins now. */
export function TapToSync({ track, lines, onChange }: Props) {
  const { t } = useLingui();
  const current = usePlayer((state) => state.queue[state.index]?.trackId === track.id);
  const sounding = usePlayer((state) => current && (state.status === "playing" || state.status === "buffering"));
  const position = usePosition();
  const open = nextOpen(lines);
  const box = useRef<HTMLOListElement>(null);
  useEffect(() => {
    box.current?.children[Math.min(open, lines.length - 1)]?.scrollIntoView({ block: "nearest" });
  }, [open, lines.length]);
  const from = (ms: number) => {
    if (!current) player.playNow([queueItemFromTrack(track)], 0);
    player.seek(Math.max(0, ms));
  };
  const tap = () => {
    if (open < lines.length) onChange(stamped(lines, open, player.positionMs()));
  };
  const undo = () => {
    const last = open - 1;
    onChange(lines.map((line, index) => (index === last ? { ...line, startMs: null } : line)));
    from((lines[last - 1]?.startMs ?? LEAD_MS) - LEAD_MS);
  };
  const next = lines[open]?.text || "♪";
  return (
    <section className="flex flex-col gap-5" aria-label={t`Tap the times`}>
      <div className="flex flex-wrap items-center gap-3">
        <Button onPress={current ? player.toggle : () => from(0)}>
          {sounding ? (
            <Pause aria-hidden fill="currentColor" className="size-4" />
          ) : (
            <Play aria-hidden fill="currentColor" className="flip-rtl size-4" />
          )}
          {sounding ? t`Pause` : t`Play`}
        </Button>
        <span className="numbers min-w-16 text-lg font-semibold">{clockTime(current ? position : 0)}</span>
        <Button isDisabled={open === 0} onPress={undo}>
          <Undo2 aria-hidden className="flip-rtl size-4" />
          {t`Take back`}
        </Button>
      </div>
      <Button
        variant="primary"
        size="lg"
        className="min-h-24 w-full whitespace-normal!"
        isDisabled={!sounding || open >= lines.length}
        onPressStart={tap}
      >
        {open < lines.length ? (
          <span className="flex flex-col items-center gap-1">
            <span className="text-sm">{t`Tap when this begins`}</span>
            <span className="text-lg" dir="auto">
              {next}
            </span>
          </span>
        ) : (
          t`Every line has its time`
        )}
      </Button>
      <ol ref={box} className="-mx-3 flex max-h-[28rem] flex-col overflow-y-auto overscroll-contain">
        {lines.map((line, index) => (
          <LineRow
            key={index}
            line={line}
            open={index === open}
            seek={() => from((line.startMs ?? 0) - LEAD_MS / 2)}
            nudge={(ms) => onChange(stamped(lines, index, (line.startMs ?? 0) + ms))}
          />
        ))}
      </ol>
    </section>
  );
}
