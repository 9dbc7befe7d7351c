/** What is known of the room that this page is in; written by `session.ts` alone. */
import { create } from "zustand";
import type { FollowerStatus } from "@/player";
import type { Jam } from "@/shared/api/types";

export type JamState = {
  jam: Jam | null;
  /** Of the link by which a guest is here. */
  code: string | null;
  /** What this device does of it. */
  sound: FollowerStatus;
  /** Why this person's player could not play what the others hear. */
  error: string | null;
  /** The room is over, or one was shown out. */
  over: boolean;
  /** The server has not heard yet that this person leaves. */
  leaving: boolean;
};

export const useJam = create<JamState>(() => ({
  jam: null,
  code: null,
  sound: "off",
  error: null,
  over: false,
  leaving: false,
}));
