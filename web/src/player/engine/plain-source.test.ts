import { describe, expect, it } from "vitest";
import type { Rendition } from "@/player/types";
import { choosePlain } from "./plain-source";

function file(quality: string, mime: string, kbps: number, onDemand: boolean, container = "mp3"): Rendition {
  return {
    url: quality,
    quality,
    codec: container,
    container,
    mime,
    bitrate_kbps: kbps,
    bytes: 1,
    sample_rate: 44_100,
    channels: 2,
    delay_samples: 0,
    padding_samples: 0,
    total_samples: 44_100,
    init_range: null,
    index_range: null,
    on_demand: onDemand,
  };
}

const FLAC = file("original", "audio/flac", 900, false, "flac");
const WAVPACK = file("original", "audio/x-wavpack", 900, false, "wv");
const MADE = [file("mp3_128", "audio/mpeg", 128, true), file("mp3_320", "audio/mpeg", 320, true)];
const browser = (mime: string): string => (mime.startsWith("audio/x-") ? "" : "probably");

describe("a file for the element itself", () => {
  it("is the original where the browser plays it", () => {
    expect(choosePlain([...MADE, FLAC], browser)?.quality).toBe("original");
  });

  it("is made on demand where it does not", () => {
    expect(choosePlain([...MADE, WAVPACK], browser)?.quality).toBe("mp3_320");
  });

  it("is made small where bits are to be saved", () => {
    expect(choosePlain([...MADE, FLAC], browser, 200)?.quality).toBe("mp3_128");
  });

  it("is still something where nothing fits", () => {
    expect(choosePlain([FLAC], browser, 64)?.quality).toBe("original");
    expect(choosePlain([], browser)).toBeNull();
    const pieces = { initUrl: "init", url: "{n}", samples: 1, count: 1 };
    expect(choosePlain([{ ...file("aac_128", "audio/mp4", 128, true, "mp4"), pieces }], browser)).toBeNull();
  });
});
