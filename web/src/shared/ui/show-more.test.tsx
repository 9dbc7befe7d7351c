import { fireEvent, render, screen } from "@testing-library/react";
import { I18nProvider } from "@lingui/react";
import { expect, test, vi } from "vitest";
import { i18n } from "@/shared/lib/i18n";
import { type Pages, ShowMore } from "./show-more";

const pages = (over: Partial<Pages> = {}): Pages => ({
  hasNextPage: true,
  isFetchingNextPage: false,
  isFetchNextPageError: false,
  error: null,
  fetchNextPage: vi.fn(),
  ...over,
});

const shown = (of: Pages) => (
  <I18nProvider i18n={i18n}>
    <ShowMore pages={of} />
  </I18nProvider>
);

test("the keyboard keeps its place while more comes, when it fails, and after the last page", () => {
  const first = pages();
  const { rerender } = render(shown(first));
  const button = screen.getByRole("button", { name: "Show more" });
  button.focus();
  fireEvent.click(button);
  expect(first.fetchNextPage).toHaveBeenCalledOnce();

  rerender(shown(pages({ isFetchingNextPage: true })));
  expect(screen.getByRole("status").textContent).toBe("Loading");
  expect(document.activeElement).toBe(button);

  rerender(shown(pages({ isFetchNextPageError: true, error: new Error() })));
  expect(screen.getByRole("alert").textContent).not.toBe("");
  expect(document.activeElement).toBe(button);

  rerender(shown(pages({ hasNextPage: false })));
  expect(screen.queryByRole("button")).toBeNull();
  expect(document.activeElement).toBe(screen.getByText("That is all."));
});

test("a list that is whole from the beginning says nothing", () => {
  const { container } = render(shown(pages({ hasNextPage: false })));
  expect(container.textContent).toBe("");
});
