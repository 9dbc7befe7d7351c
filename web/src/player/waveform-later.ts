/** Brings the shape of a track when the first bytes of its sound have come: those have the network for themselves. */
import { loadWaveform } from "./api";
import { playerStore } from "./store";

export class WaveformLater {
  private url: string | null = null;
  private wanted = 0;

  /** Of another track, or of none. */
  of(url: string | null): void {
    this.url = url;
    this.wanted += 1;
  }

  bring(): void {
    const { url, wanted } = this;
    this.url = null;
    if (url === null || playerStore.getState().waveform !== null) return;
    void loadWaveform(url).then((waveform) => {
      if (wanted === this.wanted) playerStore.setState({ waveform });
    });
  }
}
