import { vi } from "vitest";

/** As `vi.waitFor`, but for as long as a machine that is busy may take: that costs nothing where it is not. */
export const comesTrue = <T>(look: () => T | Promise<T>): Promise<T> => vi.waitFor(look, { timeout: 60_000 });
