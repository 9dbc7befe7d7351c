export { HistoryPage } from "./history-page";
export { ImportPage } from "./import-page";
export { PersonPage } from "./person-page";
export { PlaylistPage } from "./playlist-page";
export { PlaylistsPage } from "./playlists-page";
