import { useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { serviceWorkerUrl } from "@/shared/lib/trusted";
import { toast } from "@/shared/ui/toast";
import { keepWhatWasUsed, useFlightPage } from "./flight";

/** Installs the service worker and says when a newer version is waiting. */
export function UpdateNotice() {
  const { t } = useLingui();
  useFlightPage();
  useEffect(() => {
    if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
    let gone = false;
    const install = async () => {
      void keepWhatWasUsed().catch(() => undefined);
      const registration = await navigator.serviceWorker.register(serviceWorkerUrl());
      const offer = (worker: ServiceWorker | null) => {
        if (gone || !worker || !navigator.serviceWorker.controller) return;
        toast(t`A newer version is ready.`, "info", {
          label: t`Load it`,
          run: () => {
            navigator.serviceWorker.addEventListener("controllerchange", () => window.location.reload(), {
              once: true,
            });
            worker.postMessage({ type: "SKIP_WAITING" });
          },
        });
      };
      offer(registration.waiting);
      registration.addEventListener("updatefound", () => {
        const worker = registration.installing;
        worker?.addEventListener("statechange", () => worker.state === "installed" && offer(worker));
      });
    };
    // Without it the page works as before; it is only not kept for the next visit.
    install().catch(() => undefined);
    return () => {
      gone = true;
    };
  }, [t]);
  return null;
}
