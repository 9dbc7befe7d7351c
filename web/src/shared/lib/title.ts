import { useEffect } from "react";

/** The document's title while the page is shown; read out by screen readers after navigation. */
export function useTitle(title: string | undefined): void {
  useEffect(() => {
    if (title === undefined) return;
    document.title = title ? `${title} · Antiphon` : "Antiphon";
  }, [title]);
}
