export { SharePage } from "./share-page";
export { SharesPage } from "./shares-page";
