import { vi } from "vitest";

/** Stands in for the server's end of `/ws`. `opened`: the paths of what was opened; `say` speaks on the newest. */
export function serveSocket() {
  const opened: string[] = [];
  let line: WebSocket | null = null;
  vi.stubGlobal(
    "WebSocket",
    class {
      constructor(url: URL) {
        opened.push(url.pathname);
        line = this as unknown as WebSocket;
      }
      send(): void {}
      close(): void {}
    },
  );
  const say = (message: object): void => line?.onmessage?.({ data: JSON.stringify(message) } as MessageEvent);
  return { opened, say, listens: () => typeof line?.onmessage === "function" };
}
