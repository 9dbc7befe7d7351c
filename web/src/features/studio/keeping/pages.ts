export { BulkPage } from "./bulk-page";
export { GenresKeepingPage } from "./genres-page";
export { HistoryPage } from "./history-page";
export { MergePage } from "./merge-page";
export { SplitPage } from "./split-page";
