// The files that the service worker fetches at the first visit: what the start page and the player need in any language.
// Everything else is kept when it is used, and what the page of downloads needs when something is downloaded.
import { readFile } from "node:fs/promises";

const ROOTS = [
  "index.html",
  "src/features/browse/home-page.tsx",
  "src/app/player-bar.tsx",
  "src/app/full-player.tsx",
  "src/app/queue-drawer.tsx",
  "src/shared/ui/menu-overlay.tsx",
  "src/player/controller.ts",
  "src/player/desk.ts",
  "src/player/steering.ts",
  "src/player/sync/server.ts",
  "src/player/devices/devices.ts",
  "src/shared/api/socket.ts",
];

type Chunk = { file: string; css?: string[]; imports?: string[] };

/** Of Workbox's list those that are part of the shell; `dist` is where the build put them and its manifest. */
export async function onlyShell<T extends { url: string }>(entries: T[], dist: string) {
  const manifest = JSON.parse(await readFile(`${dist}/.vite/manifest.json`, "utf8")) as Record<string, Chunk>;
  const files = new Set<string>();
  const add = (key: string): void => {
    const chunk = manifest[key];
    if (chunk === undefined) throw new Error(`The build has no ${key}; see tools/shell-files.ts.`);
    if (files.has(chunk.file)) return;
    for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
    (chunk.imports ?? []).forEach(add);
  };
  ROOTS.forEach(add);
  const kept = ({ url }: T): boolean => !url.startsWith("assets/") || files.has(url);
  return { manifest: entries.filter(kept), warnings: [] };
}
