/** What plays along with a room is loaded when somebody is in one. */
import type { Follower, FollowerEvents } from "./follower";

export type { Follower, FollowerStatus } from "./follower";

export async function loadFollower(events: FollowerEvents): Promise<Follower> {
  const { Follower: Made } = await import("./follower");
  return new Made(events);
}
