import { api, data } from "@/shared/api/client";
import type { Jam, JamCommand, JamMember, JamOptions } from "@/shared/api/types";
import { inTurn } from "@/shared/lib/in-turn";

type Entries = { id: string; content_id: string }[];
const at = (jam_id: string) => ({ params: { path: { jam_id } } });
const member = (jam_id: string, user_id: string) => ({ params: { path: { jam_id, user_id } } });
const link = (code: string) => ({ params: { path: { code } } });

/** From what is named; its first entry is current. */
export const openJam = (entries: Entries, positionMs: number, playing: boolean): Promise<Jam> =>
  data(api.POST("/api/v1/jams", { body: { entries, position_ms: positionMs, playing } }));

export const fetchJam = (id: string): Promise<Jam> => data(api.GET("/api/v1/jams/{jam_id}", at(id)));

/** What a link leads to, for whoever has it. */
export const fetchLinked = (code: string): Promise<Jam> => data(api.GET("/api/v1/jams/link/{code}", link(code)));

export const joinJam = (code: string): Promise<Jam> => data(api.POST("/api/v1/jams/link/{code}", link(code)));

export const stillHere = (id: string): Promise<Jam> => data(api.POST("/api/v1/jams/{jam_id}/here", at(id)));

const telling = inTurn();
export const tellJam = (id: string, commands: JamCommand[]): Promise<Jam> =>
  telling(() => data(api.POST("/api/v1/jams/{jam_id}/commands", { ...at(id), body: { commands } })));

export const setOptions = (id: string, body: JamOptions): Promise<Jam> =>
  data(api.PUT("/api/v1/jams/{jam_id}/options", { ...at(id), body }));

export const newLink = (id: string): Promise<Jam> =>
  data(api.PUT("/api/v1/jams/{jam_id}/link", { ...at(id), body: { hours: 24 } }));

export const takeLinkBack = (id: string): Promise<Jam> => data(api.DELETE("/api/v1/jams/{jam_id}/link", at(id)));

export const linkPicture = (id: string): Promise<{ qr_svg: string }> =>
  data(api.GET("/api/v1/jams/{jam_id}/link/picture", at(id)));

export const setRole = (id: string, userId: string, role: JamMember["role"]): Promise<Jam> =>
  data(api.PUT("/api/v1/jams/{jam_id}/members/{user_id}", { ...member(id, userId), body: { role } }));

/** Oneself: then it is leaving. */
export async function showOut(id: string, userId: string): Promise<void> {
  await data(api.DELETE("/api/v1/jams/{jam_id}/members/{user_id}", member(id, userId)));
}

export async function endJam(id: string): Promise<void> {
  await data(api.DELETE("/api/v1/jams/{jam_id}", at(id)));
}

/** For who has no socket. */
export async function timeByHttp(): Promise<{ sent: number; back: number; at: number }> {
  const sent = performance.now();
  const { now } = await data(api.GET("/api/v1/jams/time"));
  return { sent, back: performance.now(), at: Date.parse(now) };
}
