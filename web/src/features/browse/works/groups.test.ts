import { expect, test } from "vitest";
import { albumCard } from "@/testing/music";
import { contributions, shelved } from "./groups";

test("releases stand on shelves by what they are, the newest first and the undated last", () => {
  const found = shelved([
    albumCard({ id: "1", album_kind: "album", release_date: "2001-01-01" }),
    albumCard({ id: "2", album_kind: "single", release_date: null }),
    albumCard({ id: "3", album_kind: "album", release_date: "2020-05-05" }),
    albumCard({ id: "4", album_kind: "ep", release_date: "1990-01-01" }),
    albumCard({ id: "5", album_kind: "soundtrack" }),
    albumCard({ id: "6", album_kind: "album", release_date: null }),
  ]);
  expect(Object.fromEntries([...found].map(([shelf, albums]) => [shelf, albums.map(({ id }) => id)]))).toEqual({
    albums: ["3", "1", "6"],
    eps: ["4", "2"],
    others: ["5"],
  });
});

test("who is credited twice is named once, with all that they did", () => {
  expect(
    contributions([
      { name: "Ada", role: "composer", artist_id: "art_1" },
      { name: "Bo", role: "producer", artist_id: null },
      { name: "Ada", role: "producer", artist_id: "art_1" },
      { name: "Bo", role: "producer", artist_id: null },
    ]),
  ).toEqual([
    { name: "Ada", artistId: "art_1", roles: ["composer", "producer"] },
    { name: "Bo", artistId: null, roles: ["producer"] },
  ]);
});
