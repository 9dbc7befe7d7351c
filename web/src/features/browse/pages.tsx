export const ArtistPage = () => null;
export const AlbumPage = () => null;
export const TrackPage = () => null;
export const GenresPage = () => null;
export const SearchPage = () => null;
