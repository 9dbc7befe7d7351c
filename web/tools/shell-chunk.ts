// What is read before the first page is shown, whichever it is, travels in one piece: left to itself the build makes
// half a hundred crumbs of it, and where a browser asks for six at once they wait for one another.
import { fileURLToPath } from "node:url";

const ENTRY = fileURLToPath(new URL("../src/main.tsx", import.meta.url)).replaceAll("\\", "/");

interface Graph {
  getModuleInfo(id: string): { importedIds: readonly string[] } | null;
}

/** Names the chunk of modules that the entry cannot do without. The entry stays outside: its chunk is the page's. */
export function shellChunk(): (id: string, graph: Graph) => string | null {
  const shell = new Set<string>();
  return (id, graph) => {
    if (shell.size === 0) addAllBelow(ENTRY, graph, shell);
    return id !== ENTRY && shell.has(id) ? "shell" : null;
  };
}

function addAllBelow(id: string, graph: Graph, found: Set<string>): void {
  if (found.has(id)) return;
  found.add(id);
  for (const next of graph.getModuleInfo(id)?.importedIds ?? []) addAllBelow(next, graph, found);
}
