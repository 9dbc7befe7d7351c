import { recallSession } from "./client";

const LEFT_TO_SIGN_IN = "antiphon.left-to-sign-in";

/** Goes to a sign-in that happens elsewhere and comes back by redirects, with a session in the cookies. */
export function leaveToSignIn(url: string): void {
  sessionStorage.setItem(LEFT_TO_SIGN_IN, "1");
  window.location.assign(url);
}

/** On the way back from elsewhere: takes up the session that came along, if one did. */
export async function takeUpArrival(): Promise<void> {
  if (sessionStorage.getItem(LEFT_TO_SIGN_IN) === null) return;
  sessionStorage.removeItem(LEFT_TO_SIGN_IN);
  await recallSession().catch(() => null);
}
