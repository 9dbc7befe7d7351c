import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { addLyricsCatalogue } from "@/features/browse/lyrics/load";
import { ownPath } from "@/shared/lib/own-path";
import { session } from "@/shared/lib/session";
import {
  addAccountCatalogue,
  addAdminCatalogue,
  addConnectionsCatalogue,
  addLibraryCatalogue,
  addDownloadsCatalogue,
  addJamCatalogue,
  addListeningCatalogue,
  addPlaylistsCatalogue,
  addPrivacyCatalogue,
  addSecurityCatalogue,
  addShareCatalogue,
  addStudioCatalogue,
  addWorksCatalogue,
} from "./catalogues";
import { libraryAddress } from "@/features/browse/library/address";
import { RouteError } from "./route-error";
import { NotFoundPage } from "./not-found";
import { Shell } from "./shell";

type Back = { next?: string | undefined };
/** What went wrong elsewhere, by its code, where a redirect brought somebody back. */
type Problem = { problem?: string | undefined };
type Query = { q?: string | undefined };
type Narrowed = Partial<Record<"genre" | "year" | "format" | "mood" | "key" | "bpm" | "seconds", string | undefined>>;

const text = (value: unknown): string | undefined => (typeof value === "string" && value ? value : undefined);
const browse = () => import("@/features/browse/pages");
const playlists = () => import("@/features/browse/playlists/pages");
const listen = () => import("@/features/browse/listening/pages");
const share = () => import("@/features/share/pages");
const account = () => import("@/features/account/pages");
const studio = () => import("@/features/studio/pages");
const privacy = () => import("@/features/privacy/pages");
const keeping = () => import("@/features/studio/keeping/pages");
const admin = () => import("@/features/admin/pages");

/** Sends guests to sign in, and back here afterwards. */
const signedInOnly = ({ location }: { location: { href: string } }): void => {
  if (!session.signedIn()) throw redirect({ to: "/sign-in", search: { next: location.href } });
};

const root = createRootRoute({ component: Shell });

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("@/features/browse/home-page"), "HomePage"),
});
const artist = createRoute({
  getParentRoute: () => root,
  path: "/artists/$artistId",
  loader: addWorksCatalogue,
  component: lazyRouteComponent(browse, "ArtistPage"),
});
const album = createRoute({
  getParentRoute: () => root,
  path: "/albums/$albumId",
  loader: addWorksCatalogue,
  component: lazyRouteComponent(browse, "AlbumPage"),
});
const track = createRoute({
  getParentRoute: () => root,
  path: "/tracks/$trackId",
  loader: addWorksCatalogue,
  component: lazyRouteComponent(browse, "TrackPage"),
});
const genres = createRoute({
  getParentRoute: () => root,
  path: "/genres",
  component: lazyRouteComponent(browse, "GenresPage"),
});
const genre = createRoute({
  getParentRoute: () => root,
  path: "/genres/$genreId",
  component: lazyRouteComponent(browse, "GenrePage"),
});
const library = createRoute({
  getParentRoute: () => root,
  path: "/library",
  validateSearch: libraryAddress,
  loader: addLibraryCatalogue,
  component: lazyRouteComponent(() => import("@/features/browse/library/pages"), "LibraryPage"),
});
const folder = createRoute({
  getParentRoute: () => root,
  path: "/folders/$folderId",
  loader: addLibraryCatalogue,
  component: lazyRouteComponent(() => import("@/features/browse/library/pages"), "FolderPage"),
});
const liked = createRoute({
  getParentRoute: () => root,
  path: "/liked",
  beforeLoad: signedInOnly,
  loader: addWorksCatalogue,
  component: lazyRouteComponent(browse, "LikedPage"),
});
const downloads = createRoute({
  getParentRoute: () => root,
  path: "/downloads",
  beforeLoad: signedInOnly,
  loader: addDownloadsCatalogue,
  component: lazyRouteComponent(() => import("@/features/downloads/downloads-page"), "DownloadsPage"),
});
const listening = createRoute({
  getParentRoute: () => root,
  path: "/listening",
  beforeLoad: signedInOnly,
  loader: addListeningCatalogue,
  component: lazyRouteComponent(listen, "ListeningPage"),
});
const radio = createRoute({
  getParentRoute: () => root,
  path: "/radio",
  beforeLoad: signedInOnly,
  loader: addListeningCatalogue,
  component: lazyRouteComponent(listen, "RadioPage"),
});
const chat = createRoute({
  getParentRoute: () => root,
  path: "/chat",
  beforeLoad: signedInOnly,
  loader: addListeningCatalogue,
  component: lazyRouteComponent(listen, "ChatPage"),
});
const search = createRoute({
  getParentRoute: () => root,
  path: "/search",
  validateSearch: (raw): Query & Narrowed => ({
    q: text(raw.q),
    genre: text(raw.genre),
    year: text(raw.year),
    format: text(raw.format),
    mood: text(raw.mood),
    key: text(raw.key),
    bpm: text(raw.bpm),
    seconds: text(raw.seconds),
  }),
  component: lazyRouteComponent(browse, "SearchPage"),
});
const lyrics = createRoute({
  getParentRoute: () => root,
  path: "/tracks/$trackId/lyrics",
  beforeLoad: signedInOnly,
  loader: addLyricsCatalogue,
  component: lazyRouteComponent(() => import("@/features/browse/lyrics/editor-page"), "LyricsEditorPage"),
});
const allPlaylists = createRoute({
  getParentRoute: () => root,
  path: "/playlists",
  loader: addPlaylistsCatalogue,
  component: lazyRouteComponent(playlists, "PlaylistsPage"),
});
const playlist = createRoute({
  getParentRoute: () => root,
  path: "/playlists/$playlistId",
  loader: addPlaylistsCatalogue,
  component: lazyRouteComponent(playlists, "PlaylistPage"),
});
const playlistHistory = createRoute({
  getParentRoute: () => root,
  path: "/playlists/$playlistId/history",
  beforeLoad: signedInOnly,
  loader: addPlaylistsCatalogue,
  component: lazyRouteComponent(playlists, "HistoryPage"),
});
const person = createRoute({
  getParentRoute: () => root,
  path: "/people/$personId",
  loader: addPlaylistsCatalogue,
  component: lazyRouteComponent(playlists, "PersonPage"),
});
const playlistImport = createRoute({
  getParentRoute: () => root,
  path: "/playlists/import/$importId",
  beforeLoad: signedInOnly,
  loader: addPlaylistsCatalogue,
  component: lazyRouteComponent(playlists, "ImportPage"),
});
const shares = createRoute({
  getParentRoute: () => root,
  path: "/shares",
  beforeLoad: signedInOnly,
  loader: addShareCatalogue,
  component: lazyRouteComponent(share, "SharesPage"),
});
const shared = createRoute({
  getParentRoute: () => root,
  path: "/share/$shareId",
  loader: addShareCatalogue,
  component: lazyRouteComponent(share, "SharePage"),
});
const jam = createRoute({
  getParentRoute: () => root,
  path: "/jam/$code",
  loader: addJamCatalogue,
  component: lazyRouteComponent(() => import("@/features/jam/pages"), "JamPage"),
});
const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (raw): Back & Problem => ({ next: ownPath(raw.next), problem: text(raw.problem) }),
  loader: addAccountCatalogue,
  component: lazyRouteComponent(account, "SignInPage"),
});
const signInLink = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/link",
  loader: addAccountCatalogue,
  component: lazyRouteComponent(account, "SignInLinkPage"),
});
const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  validateSearch: (raw): Back & { state?: string | undefined } => ({ next: ownPath(raw.next), state: text(raw.state) }),
  loader: addAccountCatalogue,
  component: lazyRouteComponent(account, "SignUpPage"),
});
const secondFactor = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/second-factor",
  validateSearch: (raw): Back => ({ next: ownPath(raw.next) }),
  loader: addAccountCatalogue,
  component: lazyRouteComponent(account, "SecondFactorPage"),
});
const linkAccount = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/link-account",
  loader: addAccountCatalogue,
  component: lazyRouteComponent(account, "LinkAccountPage"),
});
const authorize = createRoute({
  getParentRoute: () => root,
  path: "/authorize",
  beforeLoad: signedInOnly,
  loader: addAccountCatalogue,
  component: lazyRouteComponent(account, "AuthorizePage"),
});
const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  loader: addAccountCatalogue,
  component: lazyRouteComponent(account, "ForgotPasswordPage"),
});
const resetPassword = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  loader: addAccountCatalogue,
  component: lazyRouteComponent(account, "ResetPasswordPage"),
});
const verifyEmail = createRoute({
  getParentRoute: () => root,
  path: "/verify-email",
  loader: addAccountCatalogue,
  component: lazyRouteComponent(account, "VerifyEmailPage"),
});
const settings = createRoute({
  getParentRoute: () => root,
  path: "/settings",
  component: lazyRouteComponent(() => import("@/features/settings/settings-page"), "SettingsPage"),
});
const settingsSecurity = createRoute({
  getParentRoute: () => root,
  path: "/settings/security",
  validateSearch: (raw): Problem => ({ problem: text(raw.problem) }),
  beforeLoad: signedInOnly,
  loader: addSecurityCatalogue,
  component: lazyRouteComponent(() => import("@/features/security/pages"), "SecurityPage"),
});
const settingsPrivacy = createRoute({
  getParentRoute: () => root,
  path: "/settings/privacy",
  beforeLoad: signedInOnly,
  loader: addPrivacyCatalogue,
  component: lazyRouteComponent(privacy, "PrivacyPage"),
});
const settingsImport = createRoute({
  getParentRoute: () => root,
  path: "/settings/privacy/import/$importId",
  beforeLoad: signedInOnly,
  loader: addPrivacyCatalogue,
  component: lazyRouteComponent(privacy, "ImportReviewPage"),
});
const settingsConnections = createRoute({
  getParentRoute: () => root,
  path: "/settings/connections",
  validateSearch: (raw): { service?: string | undefined; token?: string | undefined } => ({
    service: text(raw.service),
    token: text(raw.token),
  }),
  beforeLoad: signedInOnly,
  loader: addConnectionsCatalogue,
  component: lazyRouteComponent(() => import("@/features/connections/connections-page"), "ConnectionsPage"),
});
const deletion = createRoute({
  getParentRoute: () => root,
  path: "/deletion",
  validateSearch: (raw): { until?: string | undefined } => ({ until: text(raw.until) }),
  loader: addPrivacyCatalogue,
  component: lazyRouteComponent(privacy, "DeletionPage"),
});
const cancelDeletion = createRoute({
  getParentRoute: () => root,
  path: "/deletion/cancel",
  loader: addPrivacyCatalogue,
  component: lazyRouteComponent(privacy, "CancelDeletionPage"),
});
const adminRoot = createRoute({
  getParentRoute: () => root,
  path: "/admin",
  beforeLoad: signedInOnly,
  loader: addAdminCatalogue,
  component: lazyRouteComponent(admin, "AdminLayout"),
});
const adminFirst = createRoute({
  getParentRoute: () => adminRoot,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/admin/$section", params: { section: "users" }, replace: true });
  },
});
const adminSection = createRoute({
  getParentRoute: () => adminRoot,
  path: "/$section",
  component: lazyRouteComponent(admin, "AdminSectionPage"),
});
const adminUser = createRoute({
  getParentRoute: () => adminRoot,
  path: "/users/$userId",
  component: lazyRouteComponent(admin, "AdminUserPage"),
});
const adminTakenDown = createRoute({
  getParentRoute: () => adminRoot,
  path: "/taken-down/$contentId",
  component: lazyRouteComponent(admin, "AdminTakenDownPage"),
});
const adminLibrary = createRoute({
  getParentRoute: () => adminRoot,
  path: "/libraries/$libraryId",
  component: lazyRouteComponent(admin, "AdminLibraryPage"),
});
const about = createRoute({
  getParentRoute: () => root,
  path: "/about",
  component: lazyRouteComponent(() => import("@/features/about/about-page"), "AboutPage"),
});
const studioRoot = createRoute({
  getParentRoute: () => root,
  path: "/studio",
  beforeLoad: signedInOnly,
  loader: addStudioCatalogue,
  component: lazyRouteComponent(studio, "StudioLayout"),
});
const studioMusic = createRoute({
  getParentRoute: () => studioRoot,
  path: "/",
  component: lazyRouteComponent(studio, "MusicPage"),
});
const studioUpload = createRoute({
  getParentRoute: () => studioRoot,
  path: "/upload",
  component: lazyRouteComponent(studio, "UploadPage"),
});
const studioAlbum = createRoute({
  getParentRoute: () => studioRoot,
  path: "/albums/$albumId",
  component: lazyRouteComponent(studio, "EditAlbumPage"),
});
const studioTrack = createRoute({
  getParentRoute: () => studioRoot,
  path: "/tracks/$trackId",
  component: lazyRouteComponent(studio, "EditTrackPage"),
});
const studioArtist = createRoute({
  getParentRoute: () => studioRoot,
  path: "/artists/$artistId",
  component: lazyRouteComponent(studio, "EditArtistPage"),
});
const keepingRoot = createRoute({
  getParentRoute: () => root,
  path: "/keeping",
  beforeLoad: signedInOnly,
  loader: addStudioCatalogue,
});
const keepingHistory = createRoute({
  getParentRoute: () => keepingRoot,
  path: "/history/$contentId",
  component: lazyRouteComponent(keeping, "HistoryPage"),
});
const keepingBulk = createRoute({
  getParentRoute: () => keepingRoot,
  path: "/edit",
  component: lazyRouteComponent(keeping, "BulkPage"),
});
const keepingMerge = createRoute({
  getParentRoute: () => keepingRoot,
  path: "/merge",
  component: lazyRouteComponent(keeping, "MergePage"),
});
const keepingSplit = createRoute({
  getParentRoute: () => keepingRoot,
  path: "/split/$contentId",
  component: lazyRouteComponent(keeping, "SplitPage"),
});
const keepingDoubles = createRoute({
  getParentRoute: () => keepingRoot,
  path: "/doubles",
  component: lazyRouteComponent(keeping, "DoublesPage"),
});
const keepingGenres = createRoute({
  getParentRoute: () => keepingRoot,
  path: "/genres",
  component: lazyRouteComponent(keeping, "GenresKeepingPage"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    artist,
    album,
    track,
    genres,
    genre,
    library,
    folder,
    liked,
    downloads,
    listening,
    radio,
    chat,
    search,
    lyrics,
    allPlaylists,
    playlist,
    playlistImport,
    playlistHistory,
    person,
    shares,
    shared,
    jam,
    signIn,
    signInLink,
    signUp,
    secondFactor,
    linkAccount,
    authorize,
    forgotPassword,
    resetPassword,
    verifyEmail,
    settings,
    settingsSecurity,
    settingsPrivacy,
    settingsImport,
    settingsConnections,
    deletion,
    cancelDeletion,
    about,
    adminRoot.addChildren([adminFirst, adminSection, adminUser, adminLibrary, adminTakenDown]),
    studioRoot.addChildren([studioMusic, studioUpload, studioAlbum, studioTrack, studioArtist]),
    keepingRoot.addChildren([keepingHistory, keepingBulk, keepingMerge, keepingSplit, keepingDoubles, keepingGenres]),
  ]),
  // Text stays text: an app's `state=12345678901234567890` must come back letter by letter.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const query = new URLSearchParams(
      Object.entries(search).filter(([, value]) => typeof value === "string"),
    ).toString();
    return query ? `?${query}` : "";
  },
  defaultPreload: "intent",
  scrollRestoration: true,
  defaultErrorComponent: RouteError,
  defaultNotFoundComponent: NotFoundPage,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
