/** Parts of the client that come when they are first wanted, and the network that may be away then. */
import { NetworkError } from "@/shared/api/errors";
import { sayFailure } from "./say-failure";

const AGAIN_MS = 5000;

/** For `lazy`, which never asks again: a part that does not come is said to, and waited for. */
export const patient =
  <T>(load: () => Promise<T>) =>
  async (): Promise<T> => {
    for (let said = false; ; said = true) {
      try {
        return await load();
      } catch {
        if (!said) sayFailure(new NetworkError());
        await reachable();
      }
    }
  };

function reachable(): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      removeEventListener("online", finish);
      resolve();
    };
    const timer = setTimeout(finish, AGAIN_MS);
    addEventListener("online", finish);
  });
}
