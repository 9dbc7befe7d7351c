import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, data, putBytes } from "@/shared/api/client";
import type {
  Album,
  Artist,
  ArtistChange,
  ArtistRef,
  ContentChange,
  FullArtist,
  FullTrack,
  NewAlbum,
} from "@/shared/api/types";
import { queryClient } from "@/shared/lib/query";
import { newUuid } from "@/shared/lib/uuid";

const PAGE = 100;
const next = (page: { next: string | null }) => page.next ?? undefined;
const etag = (version: number) => ({ "If-Match": `"v${version}"` });
/** Repeating a request that makes something must not make it twice. */
const once = () => ({ headers: { "Idempotency-Key": newUuid() } });

export const myTracks = infiniteQueryOptions({
  queryKey: ["studio", "tracks"],
  queryFn: ({ pageParam }) =>
    data(
      api.GET("/api/v1/tracks", {
        params: { query: { mine: true, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
      }),
    ),
  initialPageParam: "",
  getNextPageParam: next,
});

export const myAlbums = infiniteQueryOptions({
  queryKey: ["studio", "albums"],
  queryFn: ({ pageParam }) =>
    data(
      api.GET("/api/v1/albums", {
        params: { query: { mine: true, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } },
      }),
    ),
  initialPageParam: "",
  getNextPageParam: next,
});

export const myArtists = queryOptions({
  queryKey: ["studio", "artists"],
  queryFn: async (): Promise<Artist[]> => {
    const query = { mine: true, limit: PAGE };
    return (await data(api.GET("/api/v1/artists", { params: { query } }))).items;
  },
});

export const albumsOfArtist = (artistId: string) =>
  queryOptions({
    queryKey: ["studio", "albums-of", artistId],
    queryFn: async () => {
      const query = { artist_id: artistId, mine: true, limit: PAGE };
      return (await data(api.GET("/api/v1/albums", { params: { query } }))).items;
    },
    enabled: artistId !== "",
  });

export const trackQuery = (id: string) =>
  queryOptions({
    queryKey: ["studio", "track", id],
    queryFn: () => data(api.GET("/api/v1/tracks/{track_id}", { params: { path: { track_id: id } } })),
  });

export const albumQuery = (id: string) =>
  queryOptions({
    queryKey: ["studio", "album", id],
    queryFn: () => data(api.GET("/api/v1/albums/{album_id}", { params: { path: { album_id: id } } })),
  });

export const artistQuery = (id: string) =>
  queryOptions({
    queryKey: ["studio", "artist", id],
    queryFn: () => data(api.GET("/api/v1/artists/{artist_id}", { params: { path: { artist_id: id } } })),
  });

export const artistsNamed = (name: string) =>
  queryOptions({
    queryKey: ["studio", "artists-named", name],
    queryFn: async ({ signal }): Promise<ArtistRef[]> => {
      const query = { q: name, type: ["artist" as const], limit: 10 };
      return (await data(api.GET("/api/v1/search", { params: { query }, signal }))).artists;
    },
  });

export const quotaQuery = queryOptions({
  queryKey: ["studio", "quota"],
  queryFn: () => data(api.GET("/api/v1/uploads/quota")),
});

export const genresQuery = queryOptions({
  queryKey: ["studio", "genres"],
  queryFn: async () => (await data(api.GET("/api/v1/genres"))).items,
});

export const createArtist = (name: string): Promise<Artist> =>
  data(api.POST("/api/v1/artists", { body: { name }, ...once() }));

export const askAgain = (id: string): Promise<Artist> =>
  data(api.POST("/api/v1/artists/{artist_id}/ask-again", { params: { path: { artist_id: id } } }));

export const createAlbum = (body: NewAlbum): Promise<Album> => data(api.POST("/api/v1/albums", { body, ...once() }));

/** Content is a track or an album; here the id has said already that it is a track. */
async function asTrack(answer: Promise<FullTrack | Album>): Promise<FullTrack> {
  const content = await answer;
  if (content.kind !== "track") throw new TypeError(`${content.id} is no track`);
  return content;
}

export const saveTrack = (id: string, version: number, body: ContentChange): Promise<FullTrack> => {
  const params = { path: { content_id: id }, header: etag(version) };
  return asTrack(data(api.PUT("/api/v1/content/{content_id}", { params, body })));
};

export const saveAlbum = (id: string, version: number, body: ContentChange): Promise<Album> =>
  data(api.PUT("/api/v1/albums/{album_id}", { params: { path: { album_id: id }, header: etag(version) }, body }));

export const saveArtist = (id: string, version: number, body: ArtistChange): Promise<FullArtist> =>
  data(api.PUT("/api/v1/artists/{artist_id}", { params: { path: { artist_id: id }, header: etag(version) }, body }));

export const publishTrack = (id: string): Promise<FullTrack> =>
  asTrack(data(api.POST("/api/v1/content/{content_id}/publish", { params: { path: { content_id: id } } })));

export const unpublishTrack = (id: string): Promise<FullTrack> =>
  asTrack(data(api.POST("/api/v1/content/{content_id}/unpublish", { params: { path: { content_id: id } } })));

export const publishAlbum = (id: string): Promise<Album> =>
  data(api.POST("/api/v1/albums/{album_id}/publish", { params: { path: { album_id: id } } }));

export const deleteContent = async (id: string): Promise<void> => {
  await api.DELETE("/api/v1/content/{content_id}", { params: { path: { content_id: id } } });
};

export const putTrackCover = (id: string, picture: Blob) => putBytes<FullTrack>(`/api/v1/content/${id}/cover`, picture);
export const putAlbumCover = (id: string, picture: Blob) => putBytes<Album>(`/api/v1/albums/${id}/cover`, picture);
export const putArtistImage = (id: string, picture: Blob) =>
  putBytes<FullArtist>(`/api/v1/artists/${id}/image`, picture);

/** After a change every list and page may show something else; nothing of it is worth keeping stale. */
export const refreshEverything = (): Promise<void> => queryClient.invalidateQueries();

const at = (id: string) => ({ params: { path: { content_id: id } } });

/** `moment`: when it becomes public by itself, with a time zone; none takes the plan back. */
export const scheduleContent = (id: string, moment: string | null): Promise<FullTrack | Album> =>
  moment === null
    ? data(api.DELETE("/api/v1/content/{content_id}/schedule", at(id)))
    : data(api.PUT("/api/v1/content/{content_id}/schedule", { ...at(id), body: { publish_at: moment } }));

const ofAlbum = (id: string) => ({ params: { path: { album_id: id } } });

export const announceAlbum = (id: string, announced: boolean): Promise<Album> =>
  announced
    ? data(api.PUT("/api/v1/albums/{album_id}/announcement", ofAlbum(id)))
    : data(api.DELETE("/api/v1/albums/{album_id}/announcement", ofAlbum(id)));

export const preSaveCount = (id: string) =>
  queryOptions({
    queryKey: ["studio", "album", id, "pre-saves"],
    queryFn: () => data(api.GET("/api/v1/social/pre-saves/{album_id}/count", ofAlbum(id))),
  });

export const takeDown = async (id: string, reason: string): Promise<void> => {
  await api.POST("/api/v1/content/{content_id}/take-down", { ...at(id), body: { reason } });
};

export const bringBack = async (id: string): Promise<void> => {
  await api.POST("/api/v1/content/{content_id}/restore", at(id));
};
