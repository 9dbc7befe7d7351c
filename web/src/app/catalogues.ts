import { addCatalogue } from "@/shared/lib/i18n";

/** Messages of the shell and of the pages that everybody sees; each of the others comes with its own pages. */
export const addAppCatalogue = () => addCatalogue("app", (locale) => import(`../locales/${locale}/app.po`));
export const addLibraryCatalogue = () => addCatalogue("library", (locale) => import(`../locales/${locale}/library.po`));
/** What pages of one artist, album or track say besides their names. */
export const addWorksCatalogue = () => addCatalogue("works", (locale) => import(`../locales/${locale}/works.po`));
export const addListeningCatalogue = () =>
  addCatalogue("listening", (locale) => import(`../locales/${locale}/listening.po`));
export const addStudioCatalogue = () => addCatalogue("studio", (locale) => import(`../locales/${locale}/studio.po`));
export const addAccountCatalogue = () => addCatalogue("account", (locale) => import(`../locales/${locale}/account.po`));
/** What happened to an account, told in sentences: on the security page and in the administration. */
export const addAuditCatalogue = () => addCatalogue("audit", (locale) => import(`../locales/${locale}/audit.po`));
export const addSecurityCatalogue = () =>
  Promise.all([addAuditCatalogue(), addCatalogue("security", (locale) => import(`../locales/${locale}/security.po`))]);
export const addPrivacyCatalogue = () => addCatalogue("privacy", (locale) => import(`../locales/${locale}/privacy.po`));
export const addAdminCatalogue = () =>
  Promise.all([addAuditCatalogue(), addCatalogue("admin", (locale) => import(`../locales/${locale}/admin.po`))]);
export const addPlaylistsCatalogue = () =>
  addCatalogue("playlists", (locale) => import(`../locales/${locale}/playlists.po`));
export const addDownloadsCatalogue = () =>
  addCatalogue("downloads", (locale) => import(`../locales/${locale}/downloads.po`));
export const addSoundCatalogue = () => addCatalogue("sound", (locale) => import(`../locales/${locale}/sound.po`));
export const addShareCatalogue = () => addCatalogue("share", (locale) => import(`../locales/${locale}/share.po`));
export const addJamCatalogue = () => addCatalogue("jam", (locale) => import(`../locales/${locale}/jam.po`));
export const addConnectionsCatalogue = () =>
  addCatalogue("connections", (locale) => import(`../locales/${locale}/connections.po`));
