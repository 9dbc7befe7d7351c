import { vi } from "vitest";

type Answer = { status?: number; body?: unknown };
export type Handler = (request: Request) => Answer | Promise<Answer>;

/**
 * Stands in for the network: answers by `METHOD /path` and keeps what was asked.
 * A request without a handler answers 404 as the real server does.
 */
export function serve(handlers: Record<string, Handler>): { requests: Request[] } {
  const requests: Request[] = [];
  vi.stubGlobal("fetch", async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(
      input instanceof Request ? input : new URL(String(input), window.location.origin),
      init,
    );
    requests.push(request.clone());
    const handler = handlers[`${request.method} ${new URL(request.url).pathname}`];
    const { status = 200, body } = handler
      ? await handler(request)
      : { status: 404, body: { type: "about:blank", title: "Not found", status: 404, detail: "", code: "not_found" } };
    return new Response(status === 204 ? null : JSON.stringify(body ?? {}), {
      status,
      headers: { "Content-Type": status < 400 ? "application/json" : "application/problem+json" },
    });
  });
  return { requests };
}

export const problem = (status: number, code: string, detail = ""): Answer => ({
  status,
  body: { type: "about:blank", title: code, status, detail, code },
});
