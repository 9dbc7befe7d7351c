import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { ImageUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import type { Image } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { Button } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { PictureInput } from "@/shared/ui/picture-input";
import { Spinner } from "@/shared/ui/progress";
import { toast } from "@/shared/ui/toast";
import { refreshEverything } from "@/features/studio/api/queries";
import { useWords } from "./words";

type PictureFieldProps<T> = {
  label: string;
  image: Image | null;
  seed: string;
  shape?: "square" | "round";
  send: (picture: Blob) => Promise<T>;
  onSaved: (answer: T) => void;
};

/** A cover or portrait: shown at once when chosen or dropped, taken back when the server refuses it. */
export function PictureField<T>({ label, image, seed, shape = "square", send, onSaved }: PictureFieldProps<T>) {
  const { t } = useLingui();
  const words = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [preview, setPreview] = useState<string | null>(null);
  useEffect(() => (preview ? () => URL.revokeObjectURL(preview) : undefined), [preview]);
  const upload = useMutation({
    mutationFn: send,
    onSuccess: (answer) => {
      onSaved(answer);
      setPreview(null);
      toast(t`Picture saved`, "success");
      void refreshEverything();
    },
    onError: (error) => {
      setPreview(null);
      toast(words.failure(error), "error");
    },
  });
  const take = (file: File | undefined): void => {
    if (!file) return;
    if (!file.type.startsWith("image/")) {
      toast(words.problem({ code: "bad_picture", detail: "" }), "error");
      return;
    }
    setPreview(URL.createObjectURL(file));
    upload.mutate(file);
  };
  const rounding = shape === "round" ? "rounded-full" : "rounded-lg";
  return (
    <div className="flex flex-col items-center gap-4">
      <div
        className={cx("relative w-full max-w-64", over && "outline-3 outline-offset-4 outline-accent", rounding)}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          event.stopPropagation();
          setOver(false);
          take(event.dataTransfer.files[0]);
        }}
      >
        {preview ? (
          <img src={preview} alt="" className={cx("aspect-square w-full object-cover", rounding)} />
        ) : (
          <Cover image={image} alt="" seed={seed} shape={shape} sizes="256px" className={rounding} />
        )}
        {upload.isPending ? (
          <div className={cx("absolute inset-0 grid place-items-center bg-shade text-ink", rounding)}>
            <Spinner className="size-8" />
          </div>
        ) : null}
      </div>
      <Button size="sm" onPress={() => input.current?.click()} isPending={upload.isPending}>
        <ImageUp aria-hidden className="size-4" />
        {label}
      </Button>
      <PictureInput input={input} label={label} onChoose={take} />
    </div>
  );
}
