import { create } from "zustand";
import { ApiError } from "@/shared/api/errors";
import { ownPath } from "@/shared/lib/own-path";

/** What stands between the first proof and the second; kept in this tab's memory alone. */
export type Ticket = { ticket: string; methods: readonly string[]; next: string | undefined };

const store = create<{ held: Ticket | null }>(() => ({ held: null }));

export const useTicket = (): Ticket | null => store((state) => state.held);
export const holdTicket = (held: Ticket | null): void => store.setState({ held });

/** The ticket of a refusal that only asks for a second factor; null for any other failure. */
export function ticketIn(error: unknown, next: string | undefined): Ticket | null {
  if (!(error instanceof ApiError) || error.code !== "second_factor_needed") return null;
  const { ticket, methods } = error.members;
  if (typeof ticket !== "string" || !Array.isArray(methods)) return null;
  return { ticket, methods: methods.map(String), next };
}

/** The ticket of a refusal because the account is about to be erased: it takes that back. Null for any other failure. */
export function wayBackIn(error: unknown): string | null {
  if (!(error instanceof ApiError) || error.code !== "account_closing") return null;
  const { ticket } = error.members;
  return typeof ticket === "string" ? ticket : null;
}

/** Takes `#ticket=…&methods=totp,passkey&next=…` out of the address, where a redirect of the server has put it. */
export function takeTicketFromAddress(): void {
  const given = new URLSearchParams(window.location.hash.slice(1));
  const ticket = given.get("ticket");
  if (!ticket) return;
  const methods = (given.get("methods") ?? "").split(",").filter(Boolean);
  holdTicket({ ticket, methods, next: ownPath(given.get("next")) });
  window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
}
