export { BulkPage } from "./bulk-page";
export { DoublesPage } from "./doubles-page";
export { GenresKeepingPage } from "./genres-page";
export { HistoryPage } from "./history-page";
export { MergePage } from "./merge-page";
export { SplitPage } from "./split-page";
