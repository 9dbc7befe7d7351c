import { useEffect, useState } from "react";

const SIDE = 24;
/** Colours of pictures by their address, so that a page that one comes back to has its colour at once. */
const known = new Map<string, string>();

/**
 * The colour that a small picture is remembered by: its pixels averaged, those that are colourful and neither black nor
 * white counting most. Null where there is nothing but grey, or nothing that is not seen through.
 */
export function dominant(pixels: Uint8ClampedArray): string | null {
  let red = 0;
  let green = 0;
  let blue = 0;
  let weights = 0;
  for (let at = 0; at + 3 < pixels.length; at += 4) {
    const [r = 0, g = 0, b = 0, alpha = 0] = pixels.subarray(at, at + 4);
    if (alpha < 128) continue;
    const most = Math.max(r, g, b);
    const least = Math.min(r, g, b);
    const weight = ((most - least) / 255) ** 2 * (1 - Math.abs((most + least) / 255 - 1));
    red += r * weight;
    green += g * weight;
    blue += b * weight;
    weights += weight;
  }
  if (weights < (pixels.length / 4) * 0.002) return null;
  const two = (value: number) =>
    Math.round(value / weights)
      .toString(16)
      .padStart(2, "0");
  return `#${two(red)}${two(green)}${two(blue)}`;
}

async function look(url: string): Promise<string | null> {
  const image = new Image(SIDE, SIDE);
  image.src = url;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  if (!context) return null;
  context.drawImage(image, 0, 0, SIDE, SIDE);
  return dominant(context.getImageData(0, 0, SIDE, SIDE).data);
}

/** The colour of a picture of this server, once it has been looked at; null until then, and without an address. */
export function usePictureColour(url: string | null): string | null {
  const [, seen] = useState<string | null>(null);
  useEffect(() => {
    if (url === null || known.has(url)) return;
    let current = true;
    look(url).then(
      (colour) => {
        if (colour === null) return;
        known.set(url, colour);
        if (current) seen(url);
      },
      () => undefined, // No picture, no colour: what is drawn in its place has its own.
    );
    return () => {
      current = false;
    };
  }, [url]);
  return url === null ? null : (known.get(url) ?? null);
}
