import { create } from "zustand";

/** Something asked for a fresh proof of who is there; `methods` are the ways to give it that the account has. */
type Asked = { methods: readonly string[]; answer: (proven: boolean) => void };

const store = create<{ asked: Asked | null }>(() => ({ asked: null }));
let running: Promise<boolean> | null = null;

/** Reactive: what the dialog is to ask for, null while nothing does. */
export const useStepUp = (): Asked | null => store((state) => state.asked);

/**
 * Asks the person to prove again who they are; false when they rather would not. All who ask at the same time get the
 * one answer.
 */
export function askToStepUp(methods: readonly string[]): Promise<boolean> {
  running ??= new Promise<boolean>((resolve) => {
    store.setState({ asked: { methods: methods.length > 0 ? methods : ["password"], answer: resolve } });
  }).finally(() => {
    running = null;
    store.setState({ asked: null });
  });
  return running;
}
