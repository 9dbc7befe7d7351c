export { ImportPage } from "./import-page";
export { PlaylistPage } from "./playlist-page";
export { PlaylistsPage } from "./playlists-page";
