import type { Album, AlbumCard, Artist, FullArtist, FullTrack, Me, SignIn, Track, User } from "@/shared/api/types";

const stamp = "2026-10-01T10:00:00Z";

export const artist = (change: Partial<Artist> = {}): Artist => ({
  id: "art_1",
  kind: "artist",
  name: "Marrow & Tide",
  bio: "",
  image: null,
  created_at: stamp,
  version: 1,
  editable: false,
  stats: { albums: 1, tracks: 2, plays: 12 },
  approval: "approved",
  refused_for: null,
  ...change,
});

export const track = (change: Partial<Track> = {}): Track => ({
  id: "trk_1",
  kind: "track",
  title: "Undertow",
  artist: { id: "art_1", name: "Marrow & Tide" },
  album: { id: "alb_1", title: "Salt" },
  disc_number: 1,
  track_number: 1,
  cover: null,
  duration_ms: 187_000,
  explicit: false,
  isrc: null,
  description: "",
  year: null,
  genres: [],
  credits: [],
  status: "ready",
  published: true,
  published_at: stamp,
  renditions_complete: true,
  progress: { step: "done", percent: 100 },
  error: null,
  stats: { plays: 3 },
  editable: false,
  version: 1,
  created_at: stamp,
  artists: [{ id: "art_1", name: "Marrow & Tide", joined_by: "" }],
  version_title: "",
  ...change,
});

export const fullTrack = (change: Partial<FullTrack> = {}): FullTrack => ({
  ...track(),
  sort_title: null,
  disc_title: null,
  bpm: null,
  musical_key: null,
  language: null,
  moods: [],
  tags: [],
  work: "",
  movement: "",
  comment: "",
  copyright: "",
  mbid: null,
  publish_at: null,
  taken_down: null,
  ...change,
});

export const fullArtist = (change: Partial<FullArtist> = {}): FullArtist => ({
  ...artist(),
  sort_name: null,
  artist_kind: "",
  disambiguation: "",
  mbid: null,
  links: [],
  aliases: [],
  members: [],
  member_of: [],
  ...change,
});

export const albumCard = (change: Partial<AlbumCard> = {}): AlbumCard => ({
  id: "alb_1",
  kind: "album",
  title: "Salt",
  album_kind: "album",
  artist: { id: "art_1", name: "Marrow & Tide" },
  cover: null,
  release_date: "2026-03-01",
  published: true,
  track_count: 2,
  duration_ms: 400_000,
  explicit: false,
  version: 1,
  editable: false,
  ...change,
});

export const album = (change: Partial<Album> = {}): Album => ({
  ...albumCard(),
  description: "",
  label: "",
  upc: null,
  tracks: [track()],
  loudness: null,
  created_at: stamp,
  published_at: stamp,
  artists: [{ id: "art_1", name: "Marrow & Tide", joined_by: "" }],
  sort_title: null,
  edition: "",
  disc_titles: {},
  release_precision: "day",
  original_date: null,
  original_precision: "day",
  catalog_number: "",
  compilation: false,
  territories: null,
  moods: [],
  tags: [],
  mbid: null,
  release_group_mbid: null,
  publish_at: null,
  taken_down: null,
  ...change,
});

/** What everybody sees of the person of the tests. */
const shown: User = {
  id: "usr_1",
  handle: "mira",
  display_name: "Mira",
  bio: "",
  links: [],
  avatar: null,
  verified: false,
  stats: { followers: 0, plays: 0, likes: 0 },
  roles: ["fan"],
  created_at: stamp,
};

export const me = (change: Partial<Me> = {}): Me => ({
  ...shown,
  email: "mira@example.org",
  email_verified: true,
  language: "en",
  private: false,
  version: 1,
  ...change,
});

/** What the server answers when it lets somebody in and the browser asked for cookies. */
export const signedIn = (change: Partial<SignIn> = {}): SignIn => ({
  user: shown,
  tokens: null,
  csrf_token: "csrf-1",
  expires_in: 900,
  ...change,
});
