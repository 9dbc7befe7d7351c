import { describe, expect, it } from "vitest";
import { isLocal, localStream, namedLike, queueItemsFromFiles } from "./local";

describe("files of the device", () => {
  it("tell their names", () => {
    expect(namedLike("Marrow - Ebb - live.flac")).toEqual({ artist: "Marrow", title: "Ebb - live" });
    expect(namedLike("01_Undertow.mp3")).toEqual({ artist: "", title: "01 Undertow" });
  });

  it("are queued where they are sound, and gone with the page", async () => {
    const items = queueItemsFromFiles([
      new File(["x"], "Ebb.mp3", { type: "audio/mpeg" }),
      new File(["x"], "cover.jpg", { type: "image/jpeg" }),
    ]);
    expect(items.map((item) => item.title)).toEqual(["Ebb"]);
    expect(items.every((item) => isLocal(item.trackId))).toBe(true);
    await expect(localStream("local:of-another-page")).rejects.toMatchObject({ code: "local_file_gone" });
  });
});
