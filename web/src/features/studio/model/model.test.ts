import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { albumCard, fullTrack, track } from "@/testing/music";
import { differences } from "./draft";
import { inRecordOrder, trackFields, whole } from "./fields";
import { filesOfInput, fingerprint, isCover, isPlainlyNotAudio } from "./files";
import { matches, sorted } from "./listing";
import { Speedometer, remainingMs } from "./speed";
import { encodeMetadata } from "./tus";

const file = (path: string, content = "x"): File => {
  const made = new File([content], path.split("/").pop() ?? "");
  Object.defineProperty(made, "webkitRelativePath", { value: path.includes("/") ? path : "" });
  return made;
};

describe("files", () => {
  it("come folder by folder, and 2 before 10", () => {
    const picked = filesOfInput(["B/1.flac", "A/10.flac", "A/2.flac", "loose.mp3"].map((path) => file(path)));
    expect(picked.map((one) => `${one.folder}/${one.file.name}`)).toEqual([
      "null/loose.mp3",
      "A/2.flac",
      "A/10.flac",
      "B/1.flac",
    ]);
  });

  it("are left at home only where they are plainly no music", () => {
    expect(["a.JPG", "notes.txt", "x.cue", "list.m3u8", "b.zip"].every(isPlainlyNotAudio)).toBe(true);
    expect(["a.flac", "b.mp3", "c.m4a", "d.wma", "no-ending", "e.mp3.wav"].some(isPlainlyNotAudio)).toBe(false);
    expect([isCover("Cover.jpg"), isCover("back.png")]).toEqual([true, false]);
  });

  it("of the same name and size are told apart", async () => {
    const one = await fingerprint(new Blob(["aaaa"]));
    expect(one).toMatch(/^[0-9a-f]{16}$/);
    expect(await fingerprint(new Blob(["aaaa"]))).toBe(one);
    expect(await fingerprint(new Blob(["aaab"]))).not.toBe(one);
  });
});

describe("upload metadata", () => {
  it("carries names in any script", () => {
    const [key, value = ""] = encodeMetadata({ filename: "雨宮 澪.flac" }).split(" ");
    const bytes = Uint8Array.from(atob(value), (sign) => sign.charCodeAt(0));
    expect([key, new TextDecoder().decode(bytes)]).toEqual(["filename", "雨宮 澪.flac"]);
  });
});

describe("speed", () => {
  it("is that of the last seconds", () => {
    let now = 0;
    const meter = new Speedometer(() => now);
    expect(meter.perSecond).toBe(0);
    for (now = 0; now <= 4000; now += 500) meter.mark(now * 2);
    expect(meter.perSecond).toBe(2000);
    expect(remainingMs(1000, 2000)).toBe(500);
    expect(remainingMs(1000, 0)).toBeNull();
  });
});

describe("my music", () => {
  it("is found whatever the accents and the order of words", () => {
    const song = track({
      title: "Été à la mer",
      artist: { id: "art_1", name: "Björk Ó" },
      album: { id: "a", title: "Salt" },
    });
    expect(["ete", "mer bjork", "SALT été", ""].every((search) => matches(song, search))).toBe(true);
    expect(matches(song, "ete winter")).toBe(false);
  });

  it("is sorted without losing anything", () => {
    const items = [
      track({ id: "1", title: "b 10", stats: { plays: 1 } }),
      track({ id: "2", title: "b 2" }),
      albumCard(),
    ];
    expect(sorted(items, "title").map((one) => one.title)).toEqual(["b 2", "b 10", "Salt"]);
    expect(sorted(items, "newest")).toEqual(items);
    expect(sorted(items, "plays")[0]?.id).toBe("2");
  });
});

describe("forms", () => {
  it("send only what was changed", () => {
    const before = trackFields(fullTrack());
    expect(differences(before, { ...before })).toEqual({});
    expect(differences(before, { ...before, title: "Hush", genres: ["Folk"] })).toEqual({
      title: "Hush",
      genres: ["Folk"],
    });
  });

  it("read numbers in the digits of every language", () => {
    fc.assert(
      fc.property(fc.nat(9999), fc.constantFrom("arab", "deva", "latn", "fullwide"), (number, numberingSystem) => {
        const typed = new Intl.NumberFormat("en", { numberingSystem, useGrouping: false }).format(number);
        expect(whole(typed)).toBe(number);
      }),
    );
    expect(whole(" ")).toBeNull();
  });

  it("keep records in their order", () => {
    const at = (id: string, disc_number: number | null, track_number: number | null) =>
      track({ id, disc_number, track_number });
    const tracks = [at("d", 2, 1), at("c", 1, null), at("b", null, 2), at("a", 1, 1)];
    expect(inRecordOrder(tracks).map((one) => one.id)).toEqual(["a", "b", "c", "d"]);
  });
});
