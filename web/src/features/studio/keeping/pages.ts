export { BulkPage } from "./bulk-page";
export { HistoryPage } from "./history-page";
