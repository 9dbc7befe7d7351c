import { expect, it } from "vitest";
import { inTurn } from "./in-turn";

it("begins what comes later when what came before is over, also where that failed", async () => {
  const turn = inTurn();
  const seen: string[] = [];
  let fail = (): void => undefined;
  const first = turn(() => new Promise<never>((_, reject) => (fail = () => reject(new Error("away")))));
  const second = turn(() => Promise.resolve(seen.push("second")));
  await Promise.resolve();
  expect(seen).toEqual([]);
  fail();
  await expect(first).rejects.toThrow("away");
  await second;
  expect(seen).toEqual(["second"]);
});
