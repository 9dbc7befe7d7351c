import { useSyncExternalStore } from "react";
import { playerSettings } from "@/player";

export const usePlayerSettings = () => useSyncExternalStore(playerSettings.subscribe, playerSettings.get);
