import { expect, test } from "vitest";
import { patient } from "./patient";

test("a part that does not come while the network is away comes with it", async () => {
  let asked = 0;
  const part = patient(() => {
    asked += 1;
    return asked < 3 ? Promise.reject(new TypeError("Failed to fetch")) : Promise.resolve("here");
  })();
  for (let cuts = 1; cuts < 3; cuts += 1) {
    await expect.poll(() => asked).toBe(cuts);
    dispatchEvent(new Event("online"));
  }
  expect(await part).toBe("here");
});
