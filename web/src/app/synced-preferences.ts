import { useEffect } from "react";
import { playerSettings } from "@/player";
import { api, data } from "@/shared/api/client";
import { rememberPreferences } from "@/shared/api/preferences";
import type { Preferences } from "@/shared/api/types";
import { activate, preferredLocale } from "@/shared/lib/i18n";
import { inTurn } from "@/shared/lib/in-turn";
import { setPreferences, usePreferences } from "@/shared/lib/preferences";
import { session, useSignedIn } from "@/shared/lib/session";

/** Whose choices of this device the server has not heard yet: made offline, or just before the page was closed. */
const UNSENT = "antiphon.preferences.unsent";
const SETTLES_MS = 300;

/** What somebody chose follows their account: taken over after a sign-in, and sent whenever it changes here. */
export function useSyncedPreferences(): void {
  const signedIn = useSignedIn();
  useEffect(() => (signedIn ? follow() : undefined), [signedIn]);
}

function follow(): () => void {
  const userId = session.get()?.userId ?? "";
  let account: Preferences | null = null;
  let takingOver = false;
  let ended = false;
  let timer: number | undefined;
  const sending = inTurn();

  async function start(): Promise<void> {
    const found = await data(api.GET("/api/v1/users/me/preferences"));
    if (ended) return;
    account = found;
    rememberPreferences(found);
    if (found.version === 0 || localStorage.getItem(UNSENT) === userId) return send();
    takingOver = true;
    try {
      await takeOver(found);
    } finally {
      takingOver = false;
    }
  }

  async function send(): Promise<void> {
    if (account === null) return start();
    account = await data(api.PUT("/api/v1/users/me/preferences", { body: chosenHere(account) }));
    rememberPreferences(account);
    localStorage.removeItem(UNSENT);
  }

  function changed(): void {
    if (takingOver || ended) return;
    localStorage.setItem(UNSENT, userId);
    window.clearTimeout(timer);
    // What fails now is sent with the next change, or by the next visit.
    timer = window.setTimeout(() => void sending(send).catch(() => undefined), SETTLES_MS);
  }

  void start().catch(() => undefined);
  const unsubscribe = [
    usePreferences.subscribe((now, before) => {
      if (wanted(now) !== wanted(before)) changed();
    }),
    playerSettings.subscribe(({ loudness, quality, crossfadeS, explicit }) => {
      const player = account?.player;
      const same = player?.loudness === loudness && player.quality === quality && player.crossfade_s === crossfadeS;
      if (!same || player.explicit !== explicit) changed();
    }),
  ];
  return () => {
    ended = true;
    window.clearTimeout(timer);
    unsubscribe.forEach((stop) => stop());
  };
}

type Device = ReturnType<typeof usePreferences.getState>;

/** The part that the account keeps; searches stay on the device. */
function wanted({ theme, locale, reducedMotion, singleKeys }: Device): string {
  return JSON.stringify([theme, locale, reducedMotion, singleKeys]);
}

function chosenHere(account: Preferences) {
  const { theme, locale, reducedMotion, singleKeys } = usePreferences.getState();
  const { loudness, quality, crossfadeS, explicit } = playerSettings.get();
  return {
    theme,
    reduced_motion: reducedMotion,
    single_keys: singleKeys,
    player: { ...account.player, loudness, quality, crossfade_s: crossfadeS, explicit },
    ...(locale === null ? {} : { language: locale }),
  };
}

async function takeOver(account: Preferences): Promise<void> {
  const { loudness, quality, crossfade_s: crossfadeS, explicit } = account.player;
  playerSettings.set({ loudness, quality, crossfadeS, explicit });
  // A language that nobody chose is the one of the browser that the account was made with: this one speaks its own.
  const locale = account.language_chosen ? account.language : null;
  await activate(preferredLocale(locale));
  setPreferences({
    theme: account.theme,
    locale,
    reducedMotion: account.reduced_motion,
    singleKeys: account.single_keys,
  });
}
