/** A small window that stays over all others (Document Picture-in-Picture), where the browser has such windows. */
import { create } from "zustand";

type Pictures = { requestWindow(size: { width: number; height: number }): Promise<Window> };

const SIZE = { width: 340, height: 176 };
const pictures = (): Pictures | undefined =>
  (window as unknown as { documentPictureInPicture?: Pictures }).documentPictureInPicture;

export const miniPlayerPresent = (): boolean => pictures() !== undefined;

export const useMiniWindow = create<{ window: Window | null }>(() => ({ window: null }));

/** It looks like the page that opens it, and ends with it. */
export async function openMiniPlayer(): Promise<void> {
  const opened = await pictures()?.requestWindow(SIZE);
  if (!opened) return;
  dress(opened.document);
  opened.addEventListener("pagehide", () => useMiniWindow.setState({ window: null }));
  useMiniWindow.setState({ window: opened });
}

function dress(target: Document): void {
  const { documentElement: root } = document;
  for (const { name, value } of root.attributes) target.documentElement.setAttribute(name, value);
  for (const sheet of document.head.querySelectorAll<HTMLLinkElement | HTMLStyleElement>(
    "link[rel=stylesheet], style",
  )) {
    const copy = target.importNode(sheet, true);
    // What the policy lets in is not among the attributes that are copied.
    copy.nonce = sheet.nonce;
    target.head.append(copy);
  }
  target.title = document.title;
}
