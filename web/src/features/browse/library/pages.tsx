export { FolderPage } from "./folder-page";
export { LibraryPage } from "./library-page";
