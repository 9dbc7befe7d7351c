// One chunk for the pages that people walk between; the home page stands alone, for the first paint.
export { AlbumPage } from "./album-page";
export { ArtistPage } from "./artist-page";
export { GenresPage } from "./genres-page";
export { GenrePage } from "./genre-page";
export { LikedPage } from "./liked-page";
export { SearchPage } from "./search-page";
export { TrackPage } from "./track-page";
