/** How the queue on the server is reached. */
import { api, data } from "@/shared/api/client";
import type { QueueTracks } from "@/shared/api/types";
import { deviceName } from "@/shared/lib/device-name";
import { passes } from "@/player/api";
import type { QueueServer } from "./link";

const CHUNK = 200;

export const queueServer: QueueServer = {
  passes,
  fetch: () => data(api.GET("/api/v1/stream/queue")),
  since: (since) => data(api.GET("/api/v1/stream/queue/events", { params: { query: { since } } })),
  tell: (revision, commands) => {
    const body = { revision, commands, changed_by: deviceName(navigator.userAgent) };
    // Small ones are told even while the page closes; what is large the browser would refuse to.
    const small = commands.length < 20 && commands.every((command) => !("entries" in command));
    return data(api.POST("/api/v1/stream/queue/commands", { body, keepalive: small }));
  },
};

/** The tracks of entries from `start` on. */
export const tracksFrom = (start: number): Promise<QueueTracks & { limit: number }> =>
  data(api.GET("/api/v1/stream/queue/tracks", { params: { query: { start, limit: CHUNK } } })).then((found) => ({
    ...found,
    limit: CHUNK,
  }));
