import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { fireEvent, render, screen } from "@testing-library/react";
import fc from "fast-check";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { barsFor, fractionAt } from "./bars";
import { Waveform } from "./waveform";

i18n.loadAndActivate({ locale: "en", messages: {} });

// Nothing is drawn here: jsdom has neither a layout nor a canvas.
beforeEach(() => {
  vi.stubGlobal(
    "ResizeObserver",
    class {
      observe(): void {}
      disconnect(): void {}
    },
  );
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockReturnValue(null);
});

function shown(onSeek: (fraction: number) => void, dir: "ltr" | "rtl" = "ltr") {
  render(
    <I18nProvider i18n={i18n}>
      <div style={{ direction: dir }}>
        <Waveform peaks={[10, 200]} rms={[5, 90]} progress={0.5} durationMs={100_000} onSeek={onSeek} />
      </div>
    </I18nProvider>,
  );
  return screen.getByRole("slider");
}

describe("waveform", () => {
  it("moves by keys", () => {
    const onSeek = vi.fn();
    const slider = shown(onSeek);
    for (const key of ["ArrowRight", "ArrowLeft", "PageUp", "Home", "End"]) fireEvent.keyDown(slider, { key });
    expect(onSeek.mock.calls.map(([fraction]) => Number(fraction.toFixed(2)))).toEqual([0.55, 0.45, 0.6, 0, 1]);
    expect(slider.getAttribute("aria-valuenow")).toBe("50");
  });

  it("mirrors the arrows in right-to-left pages", () => {
    const onSeek = vi.fn();
    fireEvent.keyDown(shown(onSeek, "rtl"), { key: "ArrowLeft" });
    expect(onSeek).toHaveBeenCalledWith(0.55);
  });

  it("keeps every bar within its bounds, whatever the peaks", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(255), { maxLength: 300 }), fc.nat(400), (peaks, count) => {
        const bars = barsFor(peaks, peaks, count);
        expect(bars).toHaveLength(count);
        expect(bars.every((bar) => bar.peak >= 0 && bar.peak <= 1 && bar.rms <= bar.peak + 1e-9)).toBe(true);
      }),
    );
  });

  it("knows where a pointer stands", () => {
    expect(fractionAt(25, 0, 100, false)).toBe(0.25);
    expect(fractionAt(25, 0, 100, true)).toBe(0.75);
    expect(fractionAt(-5, 0, 100, false)).toBe(0);
  });
});
