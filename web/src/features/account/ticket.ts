import { create } from "zustand";

/** What stands between the first proof and the second; kept in this tab's memory alone. */
export type Ticket = { ticket: string; methods: readonly string[]; next: string | undefined };

const store = create<{ held: Ticket | null }>(() => ({ held: null }));

export const useTicket = (): Ticket | null => store((state) => state.held);
export const holdTicket = (held: Ticket | null): void => store.setState({ held });

/** Takes `#ticket=…&methods=totp,passkey` out of the address, where a redirect of the server has put it. */
export function takeTicketFromAddress(next: string | undefined): void {
  const given = new URLSearchParams(window.location.hash.slice(1));
  const ticket = given.get("ticket");
  if (!ticket) return;
  holdTicket({ ticket, methods: (given.get("methods") ?? "").split(",").filter(Boolean), next });
  window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
}
