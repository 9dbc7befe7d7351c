import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { player, queueItemFromTrack, usePlayer, usePosition } from "@/player";
import type { Lyrics, LyricsLine, Track } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { clockTime } from "@/shared/lib/format";
import { buttonClasses } from "@/shared/ui/button";
import { Select } from "@/shared/ui/fields";
import { lyricsQuery } from "./queries";
import { lineAt, wordBeside } from "./timing";
import { useLyricsName } from "./words";

const nameOf = (one: Lyrics): string => `${one.text_kind}/${one.language}`;

/** Words light up one after the other, where their times are known. */
function Words({ line, position }: { line: LyricsLine; position: number | null }) {
  if (!line.words?.length) return <>{line.text}</>;
  return (
    <>
      {line.words.map((word, index) => (
        <span
          key={index}
          data-start={word.start_ms}
          className={cx("transition-opacity", position !== null && word.start_ms > position && "opacity-55")}
        >
          {word.text}
        </span>
      ))}
    </>
  );
}

/** A click goes to the word that was hit; the line's own beginning is the button's. */
function startOfWord(target: EventTarget): number | null {
  const start = target instanceof HTMLElement ? target.dataset.start : undefined;
  return start === undefined ? null : Number(start);
}

/** The same by keyboard: the arrow towards the end of the line goes to the next word, the other to the one before. */
function wordStep(key: string): 1 | -1 | 0 {
  if (key !== "ArrowLeft" && key !== "ArrowRight") return 0;
  return (key === "ArrowRight") === (document.documentElement.dir !== "rtl") ? 1 : -1;
}

function Synced({ lyrics, track }: { lyrics: Lyrics; track: Track }) {
  const { t } = useLingui();
  const current = usePlayer((state) => state.queue[state.index]?.trackId === track.id);
  const position = usePosition();
  const sung = current ? lineAt(lyrics.lines, position) : -1;
  const box = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const list = box.current;
    const line = list?.children[sung];
    if (!list || !(line instanceof HTMLElement)) return;
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    list.scrollTo({
      top: line.offsetTop - list.clientHeight / 2 + line.clientHeight / 2,
      behavior: calm ? "auto" : "smooth",
    });
  }, [sung]);
  const seek = (ms: number) => {
    if (!current) player.playNow([queueItemFromTrack(track)], 0);
    player.seek(ms);
  };
  return (
    <ol ref={box} lang={lyrics.language} className="relative -mx-3 max-h-96 overflow-y-auto overscroll-contain py-2">
      {lyrics.lines.map((line, index) => {
        const start = line.start_ms ?? 0;
        const time = clockTime(start);
        return (
          <li key={index} aria-current={index === sung ? "true" : undefined}>
            <button
              type="button"
              onClick={(event) => seek(startOfWord(event.target) ?? start)}
              onKeyDown={(event) => {
                const step = wordStep(event.key);
                const word = step && index === sung ? wordBeside(line.words ?? [], position, step) : undefined;
                if (!word) return;
                event.preventDefault();
                seek(word.start_ms);
              }}
              title={t`Play from ${time}`}
              dir="auto"
              className={cx(
                "block min-h-11 w-full rounded-md px-3 py-1.5 text-start text-lg font-semibold transition-colors hover:bg-hover",
                index === sung ? "text-ink" : "text-muted",
              )}
            >
              {line.text === "" ? <span aria-label={time}>♪</span> : null}
              <Words line={line} position={index === sung ? position : null} />
            </button>
          </li>
        );
      })}
    </ol>
  );
}

function Plain({ lyrics }: { lyrics: Lyrics }) {
  return (
    <p lang={lyrics.language} dir="auto" className="max-h-96 max-w-prose overflow-y-auto whitespace-pre-line text-lg">
      {lyrics.lines.map((line) => line.text).join("\n")}
    </p>
  );
}

/** The lyrics of a track, in the language that one chooses; those with times follow the music. */
export function LyricsPane({ track, className }: { track: Track; className?: string }) {
  const { t } = useLingui();
  const found = useQuery(lyricsQuery(track.id));
  const name = useLyricsName();
  const [wanted, setWanted] = useState<string | null>(null);
  const all = found.data ?? [];
  const shown = all.find((one) => nameOf(one) === wanted) ?? all[0];
  if (!shown && !(track.editable && found.data)) return null;
  return (
    <section className={cx("flex flex-col gap-4", className)} aria-label={t`Lyrics`}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 className="display text-xl">{t`Lyrics`}</h2>
        <div className="flex flex-wrap items-center gap-3">
          {all.length > 1 && shown ? (
            <Select
              hideLabel
              label={t`Language of the lyrics`}
              value={nameOf(shown)}
              onChange={setWanted}
              options={all.map((one) => ({ id: nameOf(one), label: name(one) }))}
              className="w-56"
            />
          ) : null}
          {track.editable ? (
            <Link
              to="/tracks/$trackId/lyrics"
              params={{ trackId: track.id }}
              className={buttonClasses("secondary", "sm")}
            >
              <Pencil aria-hidden className="size-4" />
              {shown ? t`Edit the lyrics` : t`Write the lyrics`}
            </Link>
          ) : null}
        </div>
      </div>
      {shown ? (
        shown.synced ? (
          <Synced key={nameOf(shown)} lyrics={shown} track={track} />
        ) : (
          <Plain lyrics={shown} />
        )
      ) : null}
    </section>
  );
}
