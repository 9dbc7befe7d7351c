/** The tree of genres as a list, and where a genre may go in it. */
import type { GenreNode } from "@/shared/api/types";

export type Placed = { genre: GenreNode; parentId: string | null; path: string };

/** All genres, each after the one that it stands under; `path` names those above it too. */
export function placed(nodes: readonly GenreNode[], parentId: string | null = null, above = ""): Placed[] {
  return nodes.flatMap((genre) => {
    const path = above ? `${above} › ${genre.name}` : genre.name;
    return [{ genre, parentId, path }, ...placed(genre.children, genre.id, path)];
  });
}

/** The genre itself and everything under it: none of these can stand above it, or take it in. */
export const idsWithin = (genre: GenreNode): Set<string> =>
  new Set([genre.id, ...placed(genre.children).map((one) => one.genre.id)]);

/** What is left of the tree for a search: genres that have the words in a name, and what stands above them. */
export function narrowed(nodes: readonly GenreNode[], words: string): GenreNode[] {
  const sought = words.trim().toLowerCase();
  if (sought === "") return [...nodes];
  return nodes.flatMap((node) => {
    const children = narrowed(node.children, sought);
    const own = [node.name, ...node.aliases].some((name) => name.toLowerCase().includes(sought));
    return own || children.length > 0 ? [{ ...node, children: own ? node.children : children }] : [];
  });
}
