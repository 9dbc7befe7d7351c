import { describe, expect, it } from "vitest";
import { AAC_FRAME_SAMPLES, Mp4Error, endOfFragment, parseSidx, withFullFrames, withoutEditList } from "./mp4";

const u16 = (value: number) => [value >> 8, value & 255];
const u32 = (value: number) => [...u16(value >>> 16), ...u16(value & 0xffff)];
const text = (name: string) => [...name].map((letter) => letter.charCodeAt(0));
const box = (type: string, ...body: number[]) => [...u32(body.length + 8), ...text(type), ...body];

const sidx = (version: 0 | 1) =>
  new Uint8Array(
    box(
      "sidx",
      ...u32(version << 24),
      ...u32(1),
      ...u32(44100),
      ...(version === 1 ? [...u32(0), ...u32(0), ...u32(0), ...u32(0)] : [...u32(0), ...u32(0)]),
      ...u16(0),
      ...u16(2),
      ...[...u32(1000), ...u32(176400), ...u32(0x90000000)],
      ...[...u32(500), ...u32(22050), ...u32(0x90000000)],
    ),
  );

describe("segment index", () => {
  it.each([0, 1] as const)("is read in version %i", (version) => {
    expect(parseSidx(sidx(version), 99)).toEqual([
      { start: 0, end: 4, firstByte: 100, lastByte: 1099 },
      { start: 4, end: 4.5, firstByte: 1100, lastByte: 1599 },
    ]);
  });

  it("is refused when it is something else or cut short", () => {
    expect(() => parseSidx(new Uint8Array(box("free", ...u32(0))), 9)).toThrow(Mp4Error);
    expect(() => parseSidx(sidx(1).subarray(0, 45), 99)).toThrow(Mp4Error);
  });
});

describe("initialisation segment", () => {
  it("loses its edit list and nothing else", () => {
    const edts = box("edts", ...box("elst", ...u32(0)));
    const init = new Uint8Array([...box("ftyp", ...text("iso5")), ...box("moov", ...box("trak", ...edts))]);
    const changed = withoutEditList(init);
    expect(changed.byteLength).toBe(init.byteLength);
    expect(new TextDecoder("latin1").decode(changed)).not.toContain("edts");
    expect([...changed].filter((byte, at) => byte !== init[at])).toEqual(text("free"));
  });
});

describe("last fragment", () => {
  it("gets full frames back", () => {
    const trun = box("trun", ...u32(0x301), ...u32(2), ...u32(0), ...u32(1024), ...u32(7), ...u32(557), ...u32(9));
    const tfhd = box("tfhd", ...u32(0x20008), ...u32(1), ...u32(557));
    const fragment = new Uint8Array([...box("moof", ...box("traf", ...tfhd, ...trun)), ...box("mdat", 1, 2, 3)]);
    const view = new DataView(withFullFrames(fragment).buffer);
    const found = Array.from({ length: fragment.length - 3 }, (_, at) => view.getUint32(at));
    expect(found.filter((value) => value === AAC_FRAME_SAMPLES)).toHaveLength(3);
    expect(found).not.toContain(557);
    expect(found).toContain(9);
  });

  it("says where it ends", () => {
    const tfdt = box("tfdt", ...u32(1 << 24), ...u32(0), ...u32(176_128));
    const trun = box("trun", ...u32(0x301), ...u32(2), ...u32(0), ...u32(1024), ...u32(7), ...u32(557), ...u32(9));
    const fragment = new Uint8Array([...box("moof", ...box("traf", ...tfdt, ...trun)), ...box("mdat", 1, 2, 3)]);
    expect(endOfFragment(fragment)).toBe(176_128 + 1024 + 557);
  });
});
