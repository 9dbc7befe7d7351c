/** How loud this device is; it remembers. */
import { keepSound, recallSound } from "./memory";
import { playerStore } from "./store";

/** What a device is brought to that was muted at no volume at all. */
const AUDIBLE = 0.5;

export class Volume {
  private level: number;
  private muted: boolean;

  constructor(private readonly apply: (level: number) => void) {
    ({ volume: this.level, muted: this.muted } = recallSound());
    this.show();
  }

  set(volume: number): void {
    this.level = Math.min(1, Math.max(0, volume));
    this.muted = this.level === 0;
    this.keep();
  }

  toggleMute(): void {
    if (this.muted && this.level === 0) this.level = AUDIBLE;
    this.muted = !this.muted;
    this.keep();
  }

  private keep(): void {
    keepSound({ volume: this.level, muted: this.muted });
    this.show();
  }

  private show(): void {
    playerStore.setState({ volume: this.level, muted: this.muted });
    this.apply(this.muted ? 0 : this.level);
  }
}
