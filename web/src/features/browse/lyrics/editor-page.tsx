import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ArrowLeft, Download, FileUp, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import type { Lyrics, Track } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { useTitle } from "@/shared/lib/title";
import { Button, buttonClasses } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { Select, TextField } from "@/shared/ui/fields";
import { sayFailure } from "@/shared/ui/say-failure";
import { toast } from "@/shared/ui/toast";
import { trackQuery } from "@/features/browse/api/queries";
import { pagePadding } from "@/features/browse/components/page";
import { Failed, Loading, RowsSkeleton } from "@/features/browse/components/states";
import { deleteLyrics, lyricsQuery, putLyrics, putLyricsFile } from "./queries";
import { TapToSync } from "./tap-to-sync";
import { type Draft, nextOpen, retyped } from "./timing";
import { languageName, useLyricsName } from "./words";

const LANGUAGES = ["und", "en", "es", "fr", "de", "ja", "ar", "he", "it", "pt", "ru", "zh", "ko"];
const FILES = ".lrc,.elrc,.ttml,.srt,.txt,.xml";

const drafts = (one: Lyrics | undefined): Draft[] =>
  one ? one.lines.map((line) => ({ text: line.text, startMs: line.start_ms ?? null })) : [];

function Languages({ value, onChange, there }: { value: string; onChange: (code: string) => void; there: Lyrics[] }) {
  const { t, i18n } = useLingui();
  const codes = new Set([...there.map((one) => one.language), ...LANGUAGES]);
  return (
    <Select
      label={t`Language of the lyrics`}
      value={value}
      onChange={onChange}
      className="w-64"
      options={[...codes].map((code) => ({
        id: code,
        label: code === "und" ? t`Not said` : languageName(code, i18n.locale),
      }))}
    />
  );
}

function Others({ track, one, taken }: { track: Track; one: Lyrics | undefined; taken: (found: Lyrics[]) => void }) {
  const { t } = useLingui();
  const input = useRef<HTMLInputElement>(null);
  const [asking, setAsking] = useState(false);
  const name = useLyricsName();
  const take = useMutation({
    mutationFn: (file: File) => putLyricsFile(track.id, one?.language ?? "und", file),
    onSuccess: (found) => {
      toast(t`The lyrics were taken from the file`, "success");
      taken(found);
    },
    onError: sayFailure,
  });
  const remove = useMutation({
    mutationFn: (gone: Lyrics) => deleteLyrics(track.id, gone),
    onSuccess: () => {
      setAsking(false);
      taken([]);
    },
    onError: sayFailure,
  });
  const language = one ? name(one) : "";
  return (
    <div className="flex flex-wrap gap-3">
      <Button onPress={() => input.current?.click()} isPending={take.isPending}>
        <FileUp aria-hidden className="size-4" />
        {t`Take from a file`}
      </Button>
      <input
        ref={input}
        type="file"
        accept={FILES}
        hidden
        aria-label={t`Lyrics file`}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) take.mutate(file);
          event.target.value = "";
        }}
      />
      {one ? (
        <>
          <a
            className={buttonClasses("secondary")}
            href={`/api/v1/tracks/${track.id}/lyrics/file?language=${one.language}&text_kind=${one.text_kind}`}
          >
            <Download aria-hidden className="size-4" />
            {t`Save as LRC`}
          </a>
          <Button onPress={() => setAsking(true)}>
            <Trash2 aria-hidden className="size-4" />
            {t`Delete`}
          </Button>
          <ConfirmDialog
            open={asking}
            onClose={() => setAsking(false)}
            onConfirm={() => remove.mutate(one)}
            title={t`Delete these lyrics?`}
            confirmLabel={t`Delete`}
            pending={remove.isPending}
          >
            {t`Only those in this language go: ${language}.`}
          </ConfirmDialog>
        </>
      ) : null}
    </div>
  );
}

function Editor({ track, there }: { track: Track; there: Lyrics[] }) {
  const { t } = useLingui();
  const [language, setLanguage] = useState(there.find((one) => one.text_kind === "main")?.language ?? "und");
  const one = there.find((found) => found.text_kind === "main" && found.language === language);
  const [lines, setLines] = useState<Draft[]>(() => drafts(one));
  const [text, setText] = useState(() => lines.map((line) => line.text).join("\n"));
  const [timing, setTiming] = useState(false);
  const show = (found: Draft[]) => {
    setLines(found);
    setText(found.map((line) => line.text).join("\n"));
    setTiming(false);
  };
  const trimmed = text.trim();
  const save = useMutation({
    mutationFn: () => putLyrics(track.id, language, timing ? lines : retyped(trimmed, lines)),
    onSuccess: () => toast(t`Saved`, "success"),
    onError: sayFailure,
  });
  const half = nextOpen(lines) > 0 && nextOpen(lines) < lines.length;
  return (
    <>
      <div className="flex flex-wrap items-end justify-between gap-4">
        <Languages
          value={language}
          there={there}
          onChange={(code) => {
            setLanguage(code);
            show(drafts(there.find((found) => found.text_kind === "main" && found.language === code)));
          }}
        />
        <Others
          track={track}
          one={one}
          taken={(found) => show(drafts(found.find((entry) => entry.language === language) ?? found[0]))}
        />
      </div>
      {timing ? (
        <TapToSync track={track} lines={lines} onChange={setLines} />
      ) : (
        <TextField
          label={t`Words`}
          help={t`One line of the song in each line. What is in brackets is shown as it stands.`}
          value={text}
          onChange={setText}
          rows={16}
          dir="auto"
        />
      )}
      {timing && half ? (
        <p className="text-sm text-muted">{t`The lyrics follow the music once every line has its time.`}</p>
      ) : null}
      <div className="flex flex-wrap gap-3">
        <Button variant="primary" isDisabled={!trimmed} isPending={save.isPending} onPress={() => save.mutate()}>
          {t`Save`}
        </Button>
        <Button
          isDisabled={!trimmed}
          onPress={() => {
            if (!timing) setLines(retyped(trimmed, lines));
            setTiming(!timing);
          }}
        >
          {timing ? t`Back to the words` : t`Tap the times`}
        </Button>
      </div>
    </>
  );
}

export function LyricsEditorPage() {
  const { t } = useLingui();
  const { trackId } = useParams({ from: "/tracks/$trackId/lyrics" });
  const track = useQuery(trackQuery(trackId));
  const lyrics = useQuery(lyricsQuery(trackId));
  const title = track.data?.title ?? "";
  useTitle(title ? t`Lyrics of ${title}` : undefined);
  const failed = track.isError ? track : lyrics.isError ? lyrics : null;
  if (failed) return <Failed heading="h1" error={failed.error} retry={() => void failed.refetch()} />;
  if (!track.data || !lyrics.data) {
    return (
      <Loading>
        <div className="p-8">
          <RowsSkeleton />
        </div>
      </Loading>
    );
  }
  return (
    <div className={cx("flex max-w-5xl flex-col gap-8 pt-6", pagePadding)}>
      <div className="flex flex-col items-start gap-3">
        <Link to="/tracks/$trackId" params={{ trackId }} className={buttonClasses("ghost", "sm", "-ms-3.5")}>
          <ArrowLeft aria-hidden className="flip-rtl size-4" />
          <span dir="auto">{title}</span>
        </Link>
        <h1 className="display text-2xl">{t`Lyrics`}</h1>
      </div>
      <Editor track={track.data} there={lyrics.data} />
    </div>
  );
}
