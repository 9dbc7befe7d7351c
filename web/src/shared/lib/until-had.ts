const AGAIN_MS = 3_000;

/**
 * What is loaded when it is needed: once, and where it cannot be had again and again, at the latest when the network is
 * back. `failed` hears of each time.
 */
export async function untilHad<T>(load: () => Promise<T>, failed: () => void): Promise<T> {
  for (;;) {
    try {
      return await load();
    } catch {
      failed();
      await pause();
    }
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, AGAIN_MS);
    addEventListener("online", done);
  });
}
