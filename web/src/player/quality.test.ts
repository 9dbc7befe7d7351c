import { describe, expect, it } from "vitest";
import { chooseRendition } from "./quality";
import type { Rendition } from "./types";

const file = (quality: Rendition["quality"], bitrate_kbps: number): Rendition => ({
  url: `/${quality}`,
  quality,
  codec: quality === "flac" ? "flac" : quality.startsWith("mp3") ? "mp3" : "aac",
  on_demand: false,
  container: quality.startsWith("mp3") ? "mp3" : "mp4",
  mime: "",
  bitrate_kbps,
  bytes: 1,
  sample_rate: 44100,
  channels: 2,
  delay_samples: 0,
  padding_samples: 0,
  total_samples: 1,
  init_range: [0, 1],
  index_range: [2, 3],
});

const LADDER = [
  file("aac_64", 64),
  file("aac_128", 128),
  file("aac_320", 320),
  file("flac", 900),
  file("mp3_320", 320),
];
const any = () => true;
const pick = (mode: Parameters<typeof chooseRendition>[1], kbps: number | null, saveData = false, files = LADDER) =>
  chooseRendition(files, mode, { throughputKbps: kbps, saveData }, any)?.quality;

describe("choice of a rendition", () => {
  it("follows the wish", () => {
    expect(pick("data_saver", 90_000)).toBe("aac_64");
    expect(pick("high", 50)).toBe("aac_320");
    expect(pick("lossless", 50)).toBe("flac");
  });

  it("fits the network when left to itself, and never takes lossless unasked", () => {
    expect(pick("auto", 90_000)).toBe("aac_320");
    expect(pick("auto", 300)).toBe("aac_128");
    expect(pick("auto", 20)).toBe("aac_64");
    expect(pick("auto", 90_000, true)).toBe("aac_64");
    expect(pick("auto", null)).toBe("aac_320");
  });

  it("takes the nearest of a ladder that is still being made", () => {
    expect(pick("lossless", 9000, false, [file("aac_128", 128)])).toBe("aac_128");
    expect(pick("data_saver", 9000, false, [file("aac_320", 320), file("flac", 900)])).toBe("aac_320");
    expect(pick("auto", 9000, false, [file("flac", 900)])).toBe("flac");
    expect(pick("auto", 9000, false, [])).toBeUndefined();
  });

  it("leaves out what cannot be decoded", () => {
    const withoutAac = (one: Rendition) => one.codec !== "aac";
    expect(chooseRendition(LADDER, "high", { throughputKbps: 9000, saveData: false }, withoutAac)?.quality).toBe(
      "mp3_320",
    );
  });
});
