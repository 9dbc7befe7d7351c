export { EditAlbumPage } from "./edit-album-page";
export { EditArtistPage } from "./edit-artist-page";
export { EditTrackPage } from "./edit-track-page";
export { StudioLayout } from "./layout";
export { MusicPage } from "./music-page";
export { UploadPage } from "./upload-page";
