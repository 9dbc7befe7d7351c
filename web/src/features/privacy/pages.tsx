export { CancelDeletionPage, DeletionPage } from "./deletion-pages";
export { PrivacyPage } from "./privacy-page";
