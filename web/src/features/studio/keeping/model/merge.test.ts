import { describe, expect, test } from "vitest";
import { album, fullArtist, fullTrack, track } from "@/testing/music";
import { compared, likeliest, moving } from "./merge";

const stats = (albums: number, tracks: number, plays: number) => ({ albums, tracks, plays });
const one = fullArtist({ id: "art_1", name: "Marrow & Tide", stats: stats(2, 20, 300) });
const two = fullArtist({ id: "art_2", name: "Marrow and Tide", bio: "Two voices.", stats: stats(1, 4, 50) });

describe("what is merged", () => {
  test("is compared fact by fact, differences first, and what none of them has is left out", () => {
    const rows = compared([one, two]);
    expect(rows.filter((row) => row.differs).map((row) => row.field)).toEqual([
      "name",
      "bio",
      "albums",
      "tracks",
      "plays",
    ]);
    expect(rows.some((row) => row.field === "mbid")).toBe(false);
    expect(rows[0]?.values).toEqual(["Marrow & Tide", "Marrow and Tide"]);
  });

  test("goes into the one with more behind it, and into what is public before what is not", () => {
    expect(likeliest([two, one])).toBe("art_1");
    const draft = album({ id: "alb_1", published: false, track_count: 12 });
    expect(likeliest([draft, album({ id: "alb_2", track_count: 3 })])).toBe("alb_2");
    expect(likeliest([])).toBe("");
  });

  test("leaves what it had to the one that stays", () => {
    expect(moving([one, two], "art_1")).toEqual({ albums: 1, tracks: 4, plays: 50, names: ["Marrow and Tide"] });
    const tracks = [track({ stats: { plays: 3 } }), track({ id: "trk_2", stats: { plays: 4 } })];
    const gone = album({ id: "alb_2", tracks, track_count: 2 });
    expect(moving([album(), gone], "alb_1")).toEqual({ albums: 0, tracks: 2, plays: 7, names: ["Salt"] });
    const played = fullTrack({ id: "trk_3", stats: { plays: 9 } });
    expect(moving([fullTrack(), played], "trk_1").plays).toBe(9);
  });
});
