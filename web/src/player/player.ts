import { PlayerController } from "./controller";

/** The one player of this page. */
export const player = new PlayerController();
