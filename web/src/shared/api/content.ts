import { ApiError } from "./errors";
import type { Album, Track } from "./types";

/** `/content/{id}` answers with a track or an album; this is for callers that know which. Throws `not_found`. */
export async function asTrack(content: Promise<Track | Album>): Promise<Track> {
  const found = await content;
  if (found.kind === "track") return found;
  throw new ApiError({ status: 404, code: "not_found" });
}

export async function asAlbum(content: Promise<Track | Album>): Promise<Album> {
  const found = await content;
  if (found.kind === "album") return found;
  throw new ApiError({ status: 404, code: "not_found" });
}
