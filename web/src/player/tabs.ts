import { newUuid } from "@/shared/lib/uuid";
/** One device, one music: playing in a tab pauses the others. */
const CHANNEL = "antiphon.player";

export class Tabs {
  private readonly channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(CHANNEL) : null;
  private readonly me = newUuid();

  constructor(onOther: () => void) {
    this.channel?.addEventListener("message", (event: MessageEvent<{ playing?: string }>) => {
      if (event.data.playing && event.data.playing !== this.me) onOther();
    });
  }

  announce(): void {
    this.channel?.postMessage({ playing: this.me });
  }
}
