import { act, fireEvent, render, screen, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { I18nProvider } from "@lingui/react";
import { i18n } from "@/shared/lib/i18n";
import { playerStore } from "@/player";
import { MiniPlayer } from "./mini-player";
import { miniPlayerPresent, openMiniPlayer } from "./mini-window";
import { QueryClientProvider } from "@tanstack/react-query";
import { queryClient } from "@/shared/lib/query";
import { useSwipeDown } from "./swipe";

afterEach(() => {
  vi.unstubAllGlobals();
  act(() => playerStore.setState({ queue: [], index: -1 }));
});

test("the mini player is offered where the browser has such windows, and lives in one", async () => {
  expect(miniPlayerPresent()).toBe(false);
  const frame = document.body.appendChild(document.createElement("iframe"));
  const opened = frame.contentWindow as Window;
  vi.stubGlobal("documentPictureInPicture", { requestWindow: () => Promise.resolve(opened) });
  expect(miniPlayerPresent()).toBe(true);
  document.documentElement.dir = "rtl";
  act(() =>
    playerStore.setState({
      queue: [
        {
          key: "a",
          trackId: "trk_1",
          title: "Undertow",
          artist: { id: "art_1", name: "Marrow" },
          album: null,
          cover: null,
          durationMs: 60_000,
        },
      ],
      index: 0,
      durationMs: 60_000,
      positionMs: 15_000,
    }),
  );
  render(
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={queryClient}>
        <MiniPlayer />
      </QueryClientProvider>
    </I18nProvider>,
  );
  await act(() => openMiniPlayer());
  document.documentElement.dir = "";
  const inside = within(opened.document.body);
  expect(inside.getByRole("heading", { name: "Undertow" })).toBeTruthy();
  expect(inside.getByRole("progressbar", { name: "Position in the track" }).getAttribute("aria-valuetext")).toBe(
    "0:15 of 1:00",
  );
  for (const name of ["Previous track", "Play", "Next track"]) inside.getByRole("button", { name });
  expect(opened.document.documentElement.dir).toBe("rtl");
  act(() => void opened.dispatchEvent(new Event("pagehide")));
  expect(inside.queryByRole("heading")).toBeNull();
  frame.remove();
});

test("the full-screen player is drawn down with a finger, but not by its sliders or sideways", () => {
  const closed = vi.fn();
  function Drawn() {
    return (
      <div data-testid="page" {...useSwipeDown(closed)}>
        <input aria-label="slider" type="range" />
      </div>
    );
  }
  render(<Drawn />);
  const draw = (on: HTMLElement, x: number, y: number) => {
    fireEvent.touchStart(on, { touches: [{ clientX: 100, clientY: 100 }] });
    fireEvent.touchEnd(on, { changedTouches: [{ clientX: 100 + x, clientY: 100 + y }] });
  };
  draw(screen.getByTestId("page"), 0, 60);
  draw(screen.getByTestId("page"), 200, 120);
  draw(screen.getByLabelText("slider"), 0, 200);
  expect(closed).not.toHaveBeenCalled();
  draw(screen.getByTestId("page"), 10, 150);
  expect(closed).toHaveBeenCalledTimes(1);
});
