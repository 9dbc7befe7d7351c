import type { IncomingMessage, ServerResponse } from "node:http";
import type { Plugin } from "vite";

const hues = [18, 265, 145, 320, 75, 200, 350, 110, 240, 40];
const artistNames = ["Marrow & Tide", "Ines Calder", "Hollow Meridian", "雨宮 澪", "Kite Weather", "فرقة النهر"];
const albumTitles = [
  "Salt in the Lanterns",
  "Small Hours, Loud Rooms",
  "Cartography of Rain",
  "Every Window Lit",
  "Parallel Rivers",
  "Night Ferry",
  "A Field Guide to Leaving",
  "Ochre",
  "The Antechamber Tapes",
  "Twelve Kinds of Blue and the Long Way Home From There",
];
const trackTitles = [
  "Lantern Song",
  "Undertow",
  "Glass Orchard",
  "First Light on Copper",
  "Run the Meridian",
  "Paper Boats",
  "Hush",
  "The Long Corridor of an Unusually Long Track Title That Wraps",
  "Moth Waltz",
  "Signal & Reply",
  "Tin Roof",
  "Afterglow",
];
const hex = (hue: number) => {
  const f = (n: number) => {
    const k = (n + hue / 30) % 12;
    return Math.round(255 * (0.45 - 0.3 * Math.max(-1, Math.min(k - 3, 9 - k, 1))))
      .toString(16)
      .padStart(2, "0");
  };
  return `#${f(0)}${f(8)}${f(4)}`;
};
const image = (n: number) => ({
  color: hex(hues[n % hues.length]!),
  sizes: Object.fromEntries(["160", "320", "640", "1280"].map((s) => [s, `/images/${n}-${s}.svg`])),
});
const ref = (n: number) => ({ id: `art_${n}`, name: artistNames[n]! });
const genres = ["Ambient", "Folk", "Electronic", "Jazz", "Post-rock", "Chamber pop", "Dub", "House"].map((name, i) => ({
  id: `gen_${i}`,
  name,
  tracks: 3 + i * 7,
}));
const track = (n: number) => {
  const album = Math.floor(n / 12) % albumTitles.length;
  return {
    id: `trk_${n}`,
    kind: "track",
    title: trackTitles[n % 12]!,
    artist: ref(album % 6),
    album: { id: `alb_${album}`, title: albumTitles[album]! },
    disc_number: n % 12 < 8 ? 1 : album === 0 ? 2 : 1,
    track_number: album === 0 && n % 12 >= 8 ? (n % 12) - 7 : (n % 12) + 1,
    cover: image(album),
    duration_ms: 121000 + ((n * 37) % 190) * 1000,
    explicit: n % 5 === 3,
    isrc: null,
    description: "Recorded in one take in a drained swimming pool, with two microphones and the rain.",
    year: 2026,
    genres: [genres[n % 8]!, genres[(n + 3) % 8]!].map(({ id, name }) => ({ id, name })),
    credits: [
      { name: artistNames[album % 6]!, role: "composer", artist_id: `art_${album % 6}` },
      { name: "Tove Brandt", role: "producer", artist_id: null },
      { name: "Ruben Achterberg", role: "mastering engineer", artist_id: null },
    ],
    status: "ready",
    published: true,
    published_at: "2026-10-01T10:00:00Z",
    renditions_complete: true,
    progress: { step: "done", percent: 100 },
    error: null,
    stats: { plays: (n * 7919) % 130000 },
    editable: false,
    version: 1,
    created_at: "2026-10-01T10:00:00Z",
  };
};
const card = (n: number) => ({
  id: `alb_${n}`,
  kind: "album",
  title: albumTitles[n]!,
  album_kind: (["album", "ep", "single", "album", "compilation"] as const)[n % 5]!,
  artist: ref(n % 6),
  cover: image(n),
  release_date: `2026-${String((n % 9) + 1).padStart(2, "0")}-1${n % 9}`,
  published: true,
  track_count: 12,
  duration_ms: 2_520_000,
  explicit: n === 3,
  version: 1,
  editable: false,
});
const artist = (n: number) => ({
  id: `art_${n}`,
  kind: "artist",
  name: artistNames[n]!,
  bio: "Two voices that answer each other across a room. Songs about rivers, ferries and people who leave on time.\n\nWritten in kitchens, recorded in churches.",
  image: n % 3 === 2 ? null : image(n + 3),
  created_at: "2026-01-01T00:00:00Z",
  version: 1,
  editable: false,
  stats: { albums: 2, tracks: 24, plays: 48210 * (n + 1) },
});
const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));
const svg = (n: number) => {
  const h = hues[n % hues.length]!;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100"><defs><radialGradient id="g" cx="${20 + ((n * 31) % 60)}%" cy="30%" r="90%"><stop offset="0" stop-color="hsl(${h} 80% 68%)"/><stop offset=".5" stop-color="hsl(${(h + 40) % 360} 65% 42%)"/><stop offset="1" stop-color="hsl(${(h + 320) % 360} 60% 14%)"/></radialGradient></defs><rect width="100" height="100" fill="url(#g)"/>${many(5, (i) => `<circle cx="${(n * 17 + i * 23) % 100}" cy="${(n * 29 + i * 31) % 100}" r="${6 + i * 5}" fill="none" stroke="hsl(${(h + 180) % 360} 70% 80% / .5)" stroke-width="1.5"/>`).join("")}</svg>`;
};

function answer(url: URL, method: string): unknown {
  const path = url.pathname.replace("/api/v1", "");
  const id = Number(path.match(/_(\d+)$/)?.[1] ?? 0);
  const small = url.searchParams.get("limit");
  const page = <T>(items: T[]) => ({ items: small ? items.slice(0, Number(small)) : items, next: null });
  if (path === "/content/discover")
    return {
      fresh_albums: many(10, card),
      fresh_tracks: many(8, (n) => track(n * 13)),
      popular_tracks: many(10, (n) => track(n * 11 + 5)),
      artists: many(6, artist),
    };
  if (path === "/genres") return { items: genres };
  if (path === "/about") return { name: "Antiphon", version: "0.1.0", guest_listening: true, registration: "open" };
  if (path === "/search") {
    const q = (url.searchParams.get("q") ?? "").toLowerCase();
    return {
      artists: many(6, artist).filter((a) => a.name.toLowerCase().includes(q)),
      albums: many(10, card).filter((a) => a.title.toLowerCase().includes(q)),
      tracks: many(60, track).filter((t) => t.title.toLowerCase().includes(q)),
    };
  }
  if (path.startsWith("/auth/") && method === "POST")
    return {
      user: {
        id: "usr_1",
        handle: "mira",
        display_name: "Mira Holt",
        roles: ["listener"],
        created_at: "2026-01-01T00:00:00Z",
      },
      tokens: { access_token: "a", refresh_token: "r", token_type: "Bearer", expires_in: 900 },
    };
  if (path === "/users/me")
    return {
      id: "usr_1",
      handle: "mira",
      display_name: "Mira Holt",
      roles: ["listener"],
      created_at: "2026-01-01T00:00:00Z",
      email: "mira@example.org",
      artists: [ref(0)],
    };
  if (path === "/artists") return page(many(6, artist));
  if (path === "/albums")
    return page(
      many(10, card).filter(
        (a) => !url.searchParams.get("artist_id") || a.artist.id === url.searchParams.get("artist_id"),
      ),
    );
  if (path === "/tracks")
    return page(
      many(60, track).filter(
        (t) => !url.searchParams.get("artist_id") || t.artist.id === url.searchParams.get("artist_id"),
      ),
    );
  if (path.startsWith("/artists/art_") && id < 6) return artist(id);
  if (path.startsWith("/albums/alb_") && id < 10)
    return {
      ...card(id),
      description: "Twelve songs for the crossing, made over one winter with the windows open.",
      label: "Sound Harbour",
      upc: null,
      tracks: many(12, (n) => track(id * 12 + n)),
      loudness: { integrated_lufs: -14.2, true_peak_dbtp: -1.1, range_lu: 7.3 },
      created_at: "2026-01-01T00:00:00Z",
      published_at: "2026-01-01T00:00:00Z",
    };
  if (path.startsWith("/content/trk_") && id < 200) return track(id);
  return null;
}

/** Plausible answers for looking at pages without a server: `vite --mode mock`. */
export function devMock(): Plugin {
  return {
    name: "antiphon-dev-mock",
    configureServer(server) {
      server.middlewares.use((request: IncomingMessage, response: ServerResponse, next) => {
        const url = new URL(request.url ?? "/", "http://localhost");
        const picture = url.pathname.match(/^\/images\/(\d+)-\d+\.svg$/);
        if (picture) {
          response.setHeader("Content-Type", "image/svg+xml");
          response.end(svg(Number(picture[1])));
          return;
        }
        if (!url.pathname.startsWith("/api/")) {
          next();
          return;
        }
        const body = answer(url, request.method ?? "GET");
        response.statusCode = body === null ? 404 : 200;
        response.setHeader("Content-Type", body === null ? "application/problem+json" : "application/json");
        response.end(
          JSON.stringify(
            body ?? { type: "about:blank", title: "Not found", status: 404, detail: "", code: "not_found" },
          ),
        );
      });
    },
  };
}
