import { useLingui } from "@lingui/react/macro";
import { Outlet, useLocation } from "@tanstack/react-router";
import { lazy, Suspense, useCallback, useEffect, useRef, useState } from "react";
import { usePlayer, useRadio } from "@/player";
import type { Jam } from "@/shared/api/types";
import { useTracksForPlaylist } from "@/shared/lib/add-to-playlist";
import { cx } from "@/shared/lib/class-names";
import { useWorkToRate } from "@/shared/lib/rate";
import { useSignedIn } from "@/shared/lib/session";
import { useSharing } from "@/shared/lib/sharing";
import { useStepUp } from "@/shared/lib/step-up";
import { patient } from "@/shared/ui/patient";
import { ToastRegion } from "@/shared/ui/toast";
import { useAppCommands } from "./app-commands";
import { useJam } from "@/features/jam/store";
import {
  addAccountCatalogue,
  addJamCatalogue,
  addPlaylistsCatalogue,
  addShareCatalogue,
  addSoundCatalogue,
} from "./catalogues";
import { BottomBar, SideBar } from "./navigation";
import { OfflineBanner } from "./offline-banner";
import { useLateLikesTold } from "./late-likes";
import { useLiveSession } from "./live-session";
import { useSyncedPreferences } from "./synced-preferences";
import { useShortcuts } from "./shortcuts";
import { TopBar } from "./top-bar";
import { UpdateNotice } from "./update-notice";
import { useMiniWindow } from "./mini-window";

const PlayerBar = lazy(patient(() => import("./player-bar").then((module) => ({ default: module.PlayerBar }))));
const RadioBar = lazy(patient(() => import("./radio-bar").then((module) => ({ default: module.RadioBar }))));
const JamBar = lazy(
  patient(async () => {
    const [{ JamBar: Bar }, { PrivateMark }] = await Promise.all([
      import("@/features/jam/jam-bar"),
      import("./player-menu"),
      addJamCatalogue(),
    ]);
    return { default: ({ jam }: { jam: Jam }) => <Bar jam={jam} mark={<PrivateMark />} /> };
  }),
);
const CommandPalette = lazy(
  patient(() => import("./command-palette").then((module) => ({ default: module.CommandPalette }))),
);
const ShortcutList = lazy(
  patient(() => import("./shortcut-list").then((module) => ({ default: module.ShortcutList }))),
);
const FullPlayer = lazy(patient(() => import("./full-player").then((module) => ({ default: module.FullPlayer }))));
const QueueDrawer = lazy(patient(() => import("./queue-drawer").then((module) => ({ default: module.QueueDrawer }))));

const StepUpDialog = lazy(
  patient(async () => {
    const [module] = await Promise.all([import("@/features/account/step-up-dialog"), addAccountCatalogue()]);
    return { default: module.StepUpDialog };
  }),
);

const AddToPlaylist = lazy(
  patient(async () => {
    const [module] = await Promise.all([import("@/features/browse/playlists/add-dialog"), addPlaylistsCatalogue()]);
    return { default: module.AddToPlaylist };
  }),
);

const RateDialog = lazy(
  patient(() => import("@/features/browse/components/rate-dialog").then((module) => ({ default: module.RateDialog }))),
);
const ShareDialog = lazy(
  patient(async () => {
    const [module] = await Promise.all([import("@/features/share/share-dialog"), addShareCatalogue()]);
    return { default: module.ShareDialog };
  }),
);

const MiniPlayer = lazy(patient(() => import("./mini-player").then((module) => ({ default: module.MiniPlayer }))));
const DeviceSheet = lazy(patient(() => import("./device-sheet").then((module) => ({ default: module.DeviceSheet }))));
const SoundSheet = lazy(
  patient(async () => {
    const [module] = await Promise.all([import("@/features/sound/sound-sheet"), addSoundCatalogue()]);
    return { default: module.SoundSheet };
  }),
);

const ConsentBanner = lazy(
  patient(() => import("./consent-banner").then((module) => ({ default: module.ConsentBanner }))),
);

/** What lies over the page; one at a time, but for what is opened from the full-screen player. */
export type Overlay = "palette" | "shortcuts" | "player" | "queue" | "sound" | "devices" | null;

function useFocusAfterNavigation() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const first = useRef(true);
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    // Typing in the search box brings up its page; the cursor must stay where it is.
    if (document.activeElement instanceof HTMLInputElement) return;
    main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}

/** What a shared link shows stands alone: it is for people without an account, and sits in frames of other sites. */
export function Shell() {
  const { pathname } = useLocation();
  return pathname.startsWith("/share/") ? <Outlet /> : <Framed />;
}

function Framed() {
  const { t } = useLingui();
  const [overlay, setOverlay] = useState<Overlay>(null);
  const [full, setFull] = useState(false);
  const playing = usePlayer((state) => state.index >= 0);
  const mini = useMiniWindow((state) => state.window !== null);
  const station = useRadio((state) => state.station);
  const jam = useJam((state) => state.jam);
  const stepUp = useStepUp() !== null;
  const signedIn = useSignedIn();
  const wanted = useTracksForPlaylist();
  const rated = useWorkToRate();
  const sharing = useSharing();
  const main = useFocusAfterNavigation();
  const { pathname } = useLocation();
  // What is opened from the full-screen player lies over it, and leads back to it.
  const open = useCallback((wanted: Overlay) => {
    if (wanted === "player") setFull(true);
    setOverlay(wanted === "player" ? null : wanted);
  }, []);
  useAppCommands(open);
  useShortcuts();
  useLiveSession();
  useLateLikesTold();
  useSyncedPreferences();
  const close = () => setOverlay(null);

  useEffect(() => setFull(false), [pathname]);

  return (
    <div
      className={cx("flex min-h-dvh flex-col lg:ps-60", playing || station || jam ? "with-player" : "without-player")}
    >
      <a
        href="#content"
        className="fixed start-4 top-2 z-60 -translate-y-20 rounded-full bg-accent px-5 py-3 font-semibold text-accent-ink focus:translate-y-0"
      >
        {t`Skip to content`}
      </a>
      <SideBar />
      <TopBar />
      <OfflineBanner />
      <Suspense fallback={null}>{signedIn ? <ConsentBanner /> : null}</Suspense>
      <main
        id="content"
        ref={main}
        tabIndex={-1}
        className="flex-1 pb-[calc(var(--player-height)+var(--bar-height)+3rem)] outline-none focus-visible:outline-none"
      >
        <Outlet />
      </main>
      <Suspense fallback={null}>
        {jam ? <JamBar jam={jam} /> : null}
        {station && !jam ? <RadioBar station={station} /> : null}
        {playing && !station && !jam ? <PlayerBar open={open} /> : null}
      </Suspense>
      <BottomBar />
      <ToastRegion />
      <UpdateNotice />
      <Suspense fallback={null}>{full ? <FullPlayer onClose={() => setFull(false)} open={open} /> : null}</Suspense>
      <Suspense fallback={null}>
        {wanted ? <AddToPlaylist tracks={wanted} /> : null}
        {rated ? <RateDialog key={rated.id} work={rated} /> : null}
        {sharing ? <ShareDialog wanted={sharing} /> : null}
        {stepUp ? <StepUpDialog /> : null}
        {overlay === "palette" ? <CommandPalette onClose={close} /> : null}
        {overlay === "shortcuts" ? <ShortcutList onClose={close} /> : null}
        {overlay === "sound" ? <SoundSheet onClose={close} /> : null}
        {mini ? <MiniPlayer /> : null}
        {overlay === "devices" ? <DeviceSheet onClose={close} /> : null}
        {overlay === "queue" ? <QueueDrawer onClose={close} /> : null}
      </Suspense>
    </div>
  );
}
