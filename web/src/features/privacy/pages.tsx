export { CancelDeletionPage, DeletionPage } from "./deletion-pages";
export { ImportReviewPage } from "./import-review-page";
export { PrivacyPage } from "./privacy-page";
