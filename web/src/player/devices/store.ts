/** What the interface sees of a person's devices. */
import { create } from "zustand";
import type { PlayDevice } from "@/shared/api/types";

/** `away`: it was here, and has fallen silent. */
export type SeenDevice = PlayDevice & { away: boolean };
export type DevicesState = {
  /** The id of this one; null: nobody is signed in. */
  me: string | null;
  /** What is known of this one; null: it has not said anything yet. */
  own: PlayDevice | null;
  others: readonly SeenDevice[];
  /** Where the music is, if that is another one: what is done here is done there. */
  steered: PlayDevice | null;
};

export const useDevices = create<DevicesState>(() => ({ me: null, own: null, others: [], steered: null }));
