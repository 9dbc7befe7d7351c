/** What a page needs to come up again without network, beyond the shell that the service worker brings by itself. */
import { useEffect } from "react";
import { useDownloads } from "@/player";
import { addDownloadsCatalogue, addSoundCatalogue } from "./catalogues";

/**
 * What this page used past its service worker (its language, its fonts, its route) goes through it once more; the
 * browser has it at hand, and the server is not asked. Also what was still on its way when the worker took the page.
 */
export async function keepWhatWasUsed(): Promise<void> {
  if (navigator.serviceWorker.controller === null)
    await new Promise((resolve) =>
      navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }),
    );
  const seen = new Set<string>();
  const keep = async (used: PerformanceEntryList) => {
    for (const { name } of used) {
      if (seen.has(name) || !name.startsWith(`${location.origin}/assets/`)) continue;
      seen.add(name);
      if ((await caches.match(name)) === undefined) await fetch(name);
    }
  };
  new PerformanceObserver((list) => void keep(list.getEntries()).catch(() => undefined)).observe({
    type: "resource",
    buffered: true,
  });
}

/** Once something is downloaded, its page comes along, and what else of the player is not in the shell. */
export function useFlightPage(): void {
  const some = useDownloads(({ kept }) => kept !== null && kept.size > 0);
  useEffect(() => {
    if (!some) return;
    // Where it does not come now it comes with the next download, or with the page.
    void Promise.all([
      import("@/features/downloads/downloads-page"),
      addDownloadsCatalogue(),
      import("@/features/sound/sound-sheet"),
      addSoundCatalogue(),
    ]).catch(() => undefined);
  }, [some]);
}
