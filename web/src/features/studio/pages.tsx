import { Outlet } from "@tanstack/react-router";

export function StudioLayout() {
  return <Outlet />;
}
export const MusicPage = () => null;
export const UploadPage = () => null;
export const EditAlbumPage = () => null;
export const EditTrackPage = () => null;
export const EditArtistPage = () => null;
