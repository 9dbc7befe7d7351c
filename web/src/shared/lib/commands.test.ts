import { expect, test } from "vitest";
import { keyBelongsTo, pressed } from "./commands";

const press = (key: string, held: Partial<KeyboardEvent> = {}) =>
  pressed({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held });

test("key presses are named as commands write them", () => {
  expect(press(" ")).toBe("space");
  expect(press("k", { ctrlKey: true })).toBe("mod+k");
  expect(press("K", { metaKey: true })).toBe("mod+k");
  expect(press("?", { shiftKey: true })).toBe("?");
  expect(press("N", { shiftKey: true })).toBe("shift+n");
  expect(press("ArrowLeft")).toBe("left");
});

test("controls keep the keys that they need", () => {
  document.body.innerHTML = `<input id="text"><button id="button"></button><div id="slider" role="slider" tabindex="0"></div>`;
  const at = (id: string) => document.getElementById(id);
  expect(keyBelongsTo(at("text"), "m")).toBe(true);
  expect(keyBelongsTo(at("text"), "mod+k")).toBe(false);
  expect(keyBelongsTo(at("button"), "space")).toBe(true);
  expect(keyBelongsTo(at("button"), "m")).toBe(false);
  expect(keyBelongsTo(at("slider"), "left")).toBe(true);
  expect(keyBelongsTo(at("slider"), "space")).toBe(false);
  expect(keyBelongsTo(document.body, "space")).toBe(false);
});
