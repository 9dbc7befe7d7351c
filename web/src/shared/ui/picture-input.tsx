import type { RefObject } from "react";

const PICTURES = "image/jpeg,image/png,image/webp,image/avif,image/gif,image/tiff";

type Props = { input: RefObject<HTMLInputElement | null>; label: string; onChoose: (picture: File) => void };

/** Not seen: a button of the page opens it. The same picture can be chosen twice. */
export function PictureInput({ input, label, onChoose }: Props) {
  return (
    <input
      ref={input}
      type="file"
      accept={PICTURES}
      hidden
      aria-label={label}
      onChange={(event) => {
        const picture = event.target.files?.[0];
        if (picture) onChoose(picture);
        event.target.value = "";
      }}
    />
  );
}
