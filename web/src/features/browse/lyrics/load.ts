import { lazy } from "react";
import { addCatalogue } from "@/shared/lib/i18n";
import { patient } from "@/shared/ui/patient";

export const addLyricsCatalogue = () =>
  addCatalogue("lyrics", (locale) => import(`../../../locales/${locale}/lyrics.po`));

/** Most tracks have none: what lyrics are made of comes when a page that may show them is open. */
export const LyricsPane = lazy(
  patient(async () => {
    const [module] = await Promise.all([import("./lyrics-pane"), addLyricsCatalogue()]);
    return { default: module.LyricsPane };
  }),
);
