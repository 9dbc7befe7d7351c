import { useLingui } from "@lingui/react/macro";
import { FolderOpen, Music4 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { type PickedFile, filesOfDrop, filesOfInput, pickWithHandles } from "@/features/studio/model/files";
import { cx } from "@/shared/lib/class-names";
import { Button } from "@/shared/ui/button";

const SOUND =
  "audio/*,.flac,.wav,.aif,.aiff,.mp3,.m4a,.mp4,.aac,.ogg,.oga,.opus,.wv,.wma,.ape,.tta,.mka,.caf,.dsf,.dff,.mpc,.ac3,.dts";

type DropAreaProps = { onFiles: (files: PickedFile[]) => void; compact: boolean };

/** Takes files and folders: dropped anywhere on the page, or picked. */
export function DropArea({ onFiles, compact }: DropAreaProps) {
  const { t } = useLingui();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const over = useDropAnywhere(onFiles);

  const pick = async (): Promise<void> => {
    const picked = await pickWithHandles();
    if (picked === null) files.current?.click();
    else if (picked.length > 0) onFiles(picked);
  };
  const take = (input: HTMLInputElement): void => {
    if (input.files?.length) onFiles(filesOfInput(input.files));
    input.value = "";
  };
  return (
    <div
      className={cx(
        "flex flex-col items-center gap-5 rounded-xl border-2 border-dashed px-6 text-center transition-colors",
        compact ? "py-8" : "py-14 sm:py-20",
        over ? "border-accent bg-accent-soft" : "border-line-strong bg-raised",
      )}
    >
      {compact ? null : (
        <div aria-hidden className="grid size-20 place-items-center rounded-full bg-accent-soft text-accent-text">
          <Music4 className="size-9" />
        </div>
      )}
      <div className="flex flex-col gap-1.5">
        <p className={cx("display", compact ? "text-lg" : "text-xl")}>
          {over ? t`Let go to upload` : t`Drop music or whole folders here`}
        </p>
        <p className="max-w-lg text-sm text-muted">
          {t`FLAC, WAV, AIFF, MP3, M4A, Ogg, Opus, WavPack, WMA and more. Titles, credits and covers come from the tags of your files.`}
        </p>
      </div>
      <div className="flex flex-wrap justify-center gap-3">
        <Button variant="primary" onPress={() => void pick()}>
          <Music4 aria-hidden className="size-5" />
          {t`Choose files`}
        </Button>
        <Button onPress={() => folder.current?.click()}>
          <FolderOpen aria-hidden className="size-5" />
          {t`Choose a folder`}
        </Button>
      </div>
      <input
        ref={files}
        type="file"
        multiple
        accept={SOUND}
        hidden
        aria-label={t`Choose files`}
        data-testid="files"
        onChange={(event) => take(event.target)}
      />
      <input
        ref={(node) => {
          folder.current = node;
          node?.setAttribute("webkitdirectory", "");
        }}
        type="file"
        multiple
        hidden
        aria-label={t`Choose a folder`}
        data-testid="folder"
        onChange={(event) => take(event.target)}
      />
    </div>
  );
}

function useDropAnywhere(onFiles: (files: PickedFile[]) => void): boolean {
  const [over, setOver] = useState(false);
  const handler = useRef(onFiles);
  useEffect(() => {
    handler.current = onFiles;
  }, [onFiles]);
  useEffect(() => {
    let depth = 0;
    const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    const enter = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent): void => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    const allow = (event: DragEvent): void => {
      if (carriesFiles(event)) event.preventDefault();
    };
    const drop = (event: DragEvent): void => {
      depth = 0;
      setOver(false);
      if (!carriesFiles(event) || !event.dataTransfer) return;
      event.preventDefault();
      void filesOfDrop(event.dataTransfer).then((files) => files.length > 0 && handler.current(files));
    };
    window.addEventListener("dragenter", enter);
    window.addEventListener("dragleave", leave);
    window.addEventListener("dragover", allow);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragenter", enter);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("dragover", allow);
      window.removeEventListener("drop", drop);
    };
  }, []);
  return over;
}
