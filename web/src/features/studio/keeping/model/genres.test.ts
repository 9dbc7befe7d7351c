import { expect, test } from "vitest";
import type { GenreNode } from "@/shared/api/types";
import { findGenre } from "./changes";
import { idsWithin, narrowed, placed } from "./genres";

const node = (name: string, children: GenreNode[] = [], aliases: string[] = []): GenreNode => ({
  id: `gen_${name}`,
  name,
  aliases,
  tracks: 1,
  albums: 1,
  children,
});
const tree = [node("Jazz", [node("Bebop", [], ["Bop"]), node("Swing")]), node("Rock", [node("Punk", [node("Oi")])])];

test("each genre stands after the one that it is under, with its whole path", () => {
  expect(placed(tree).map((one) => one.path)).toEqual([
    "Jazz",
    "Jazz › Bebop",
    "Jazz › Swing",
    "Rock",
    "Rock › Punk",
    "Rock › Punk › Oi",
  ]);
  expect(placed(tree).map((one) => one.parentId)).toEqual([null, "gen_Jazz", "gen_Jazz", null, "gen_Rock", "gen_Punk"]);
});

test("a genre cannot go under itself or what is under it", () => {
  const rock = findGenre(tree, "gen_Rock");
  expect(rock && [...idsWithin(rock)]).toEqual(["gen_Rock", "gen_Punk", "gen_Oi"]);
});

test("a search finds by other names too, and keeps the way down to what it found", () => {
  expect(placed(narrowed(tree, "bop")).map((one) => one.path)).toEqual(["Jazz", "Jazz › Bebop"]);
  expect(placed(narrowed(tree, "punk")).map((one) => one.path)).toEqual(["Rock", "Rock › Punk", "Rock › Punk › Oi"]);
  expect(placed(narrowed(tree, "fado"))).toEqual([]);
  expect(narrowed(tree, " ")).toEqual(tree);
});
