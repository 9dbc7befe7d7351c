import { useLingui } from "@lingui/react/macro";
import { WifiOff } from "lucide-react";
import { useSyncExternalStore } from "react";

function subscribe(changed: () => void): () => void {
  window.addEventListener("online", changed);
  window.addEventListener("offline", changed);
  return () => {
    window.removeEventListener("online", changed);
    window.removeEventListener("offline", changed);
  };
}

export function OfflineBanner() {
  const { t } = useLingui();
  const online = useSyncExternalStore(subscribe, () => navigator.onLine);
  return (
    <div role="status">
      {online ? null : (
        <p className="flex items-center justify-center gap-3 bg-warning-soft px-4 py-2.5 text-sm font-semibold text-warning">
          <WifiOff aria-hidden className="size-5 shrink-0" />
          {t`You are offline. What is already loaded keeps playing; the rest waits for the connection.`}
        </p>
      )}
    </div>
  );
}
