import { addCatalogue } from "@/shared/lib/i18n";

/** Messages of the shell and of every page but the studio. */
export const addAppCatalogue = () => addCatalogue("app", (locale) => import(`../locales/${locale}/app.po`));
export const addStudioCatalogue = () => addCatalogue("studio", (locale) => import(`../locales/${locale}/studio.po`));
