import { Plural, Trans } from "@lingui/react/macro";
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { CloudUpload } from "lucide-react";
import { useEffect } from "react";
import { isSending, uploadStore } from "./model/upload-queue";

/** Frame of the studio's pages: says that uploads go on while one is elsewhere, and warns before the tab is closed. */
export function StudioLayout() {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent): void => {
      if (isSending()) event.preventDefault();
    };
    window.addEventListener("beforeunload", warn);
    return () => window.removeEventListener("beforeunload", warn);
  }, []);
  return (
    <>
      <UploadsUnderway />
      <Outlet />
    </>
  );
}

function UploadsUnderway() {
  const { pathname } = useLocation();
  const items = uploadStore((state) => state.items);
  const underway = items.filter((item) => item.status === "sending" || item.status === "waiting");
  if (underway.length === 0 || pathname.endsWith("/upload")) return null;
  const count = underway.length;
  const total = underway.reduce((sum, item) => sum + item.size, 0);
  const sent = underway.reduce((sum, item) => sum + item.sentBytes, 0);
  const percent = total > 0 ? Math.round((sent * 100) / total) : 0;
  return (
    <div className="mx-auto w-full max-w-5xl px-4 pt-4 sm:px-8">
      <Link
        to="/studio/upload"
        className="flex min-h-12 items-center gap-3 rounded-lg border border-line bg-raised px-4 text-sm font-semibold hover:bg-hover"
      >
        <CloudUpload aria-hidden className="size-5 text-accent-text" />
        <span className="numbers">
          <Trans>
            <Plural value={count} one="Uploading # file" other="Uploading # files" /> · {percent} %
          </Trans>
        </span>
      </Link>
    </div>
  );
}
