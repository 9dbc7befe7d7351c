import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { App } from "@/app/app";
import { router } from "@/app/router";
import { queryClient } from "@/shared/lib/query";

/** The whole application at an address, as a person opens it. */
export async function visit(address: string) {
  queryClient.clear();
  window.history.pushState(null, "", address);
  render(<App />);
  await act(() => router.navigate({ href: address, replace: true }));
  await screen.findByRole("main");
  return userEvent.setup();
}

/** Somewhere else, in the application that is open. */
export const go = (href: string) => act(() => router.navigate({ href }));

export const address = () => router.state.location.href;
