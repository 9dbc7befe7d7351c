import type { components } from "./schema.gen";

/** Names of the API's types, taken from the generated document; no type of an answer is written by hand. */
type Schemas = components["schemas"];

export type Image = Schemas["Image"];
export type ArtistRef = Schemas["ArtistRef"];
export type AlbumRef = Schemas["AlbumRef"];
export type Artist = Schemas["Artist"];
export type AlbumCard = Schemas["AlbumCard"];
export type Album = Schemas["Album"];
export type Track = Schemas["Track"];
export type FullArtist = Schemas["FullArtist"];
export type FullTrack = Schemas["FullTrack"];
export type ArtistCredit = Schemas["ArtistCredit"];
export type Edit = Schemas["Edit"];
export type BulkResult = Schemas["BulkResult"];
export type BulkChange = Schemas["BulkChange"];
export type BulkPreview = Schemas["BulkPreview"];
export type BulkProblem = Schemas["BulkProblem"];
export type GenreNode = Schemas["GenreNode"];
export type Playlist = Schemas["Playlist"];
export type PlaylistEntry = Schemas["PlaylistEntry"];
export type PlaylistImport = Schemas["PlaylistImport"];
export type Lyrics = Schemas["Lyrics"];
export type LyricsLine = Schemas["Line"];
export type Share = Schemas["Share"];
export type OpenedShare = Schemas["OpenedShare"];
export type SharedWork = Schemas["SharedWork"];
export type Like = Schemas["Like"];
export type PreSave = Schemas["PreSave"];
export type Announcement = Schemas["Announcement"];
export type Mark = Schemas["Mark"];
export type FileDetails = Schemas["FileDetails"];
export type AlbumEdition = Schemas["AlbumEdition"];
export type HeardOnce = Schemas["HeardOnce"];
export type NowPlaying = Schemas["NowPlaying"];
export type Bookmark = Schemas["Bookmark"];
export type Message = Schemas["Message"];
export type Station = Schemas["Station"];
export type Credit = Schemas["Credit"];
export type Genre = Schemas["Genre"];
export type Discovery = Schemas["Discovery"];
export type SearchResult = Schemas["SearchResult"];
export type Suggestion = Schemas["Suggestion"];
/** What a row or a card shows: whole works have it, and so has what a search found. */
export type ListedTrack = Pick<
  Track,
  "id" | "title" | "artist" | "album" | "cover" | "duration_ms" | "explicit" | "playable" | "because"
> &
  Partial<Pick<Track, "stats" | "track_number">>;
export type ListedAlbum = Pick<
  AlbumCard,
  "id" | "title" | "album_kind" | "artist" | "cover" | "release_date" | "playable" | "because"
>;
export type ListedArtist = Pick<Artist, "id" | "name" | "image"> & Partial<Pick<Artist, "stats">>;
export type AlikeAlbums = Schemas["AlikeAlbums"];
export type AlikeArtists = Schemas["AlikeArtists"];
export type AlikeTracks = Schemas["AlikeTracks"];
export type Jam = Schemas["Jam"];
export type JamEntry = Schemas["JamEntry"];
export type JamMember = Schemas["JamMember"];
export type JamOptions = Schemas["JamOptions"];
export type JamCommand = Schemas["JamCommands"]["commands"][number];
export type TakenDownItem = Schemas["TakenDownItem"];
export type PlaylistState = Schemas["PlaylistState"];
export type SavedQueue = Schemas["SavedQueue"];
export type QueueHead = Schemas["QueueHead"];
export type QueueEntry = Schemas["QueueEntry"];
export type QueueEvent = Schemas["QueueEvent"];
export type QueueChanges = Schemas["QueueChanges"];
export type QueueTracks = Schemas["QueueTracks"];
export type QueueCommand = Schemas["QueueCommands"]["commands"][number];
export type PlayDevice = Schemas["PlayDevice"];
export type RemoteCommand =
  | Schemas["TakeOverCommand"]
  | Schemas["PrepareCommand"]
  | Schemas["PlayCommand"]
  | Schemas["PauseCommand"]
  | Schemas["NextCommand"]
  | Schemas["PreviousCommand"]
  | Schemas["SeekCommand"]
  | Schemas["VolumeCommand"];
export type User = Schemas["User"];
export type Me = Schemas["Me"];
export type SignIn = Schemas["SignIn"];
export type DeviceSession = Schemas["Session"];
export type Factors = Schemas["Factors"];
export type TrustedDevice = Schemas["TrustedDevice"];
export type TotpEnrolment = Schemas["TotpEnrolment"];
export type LinkedSignIn = Schemas["LinkedSignIn"];
export type Scrobbler = Schemas["ScrobblerView"];
export type PlayNotTaken = Schemas["PlayNotTaken"];
export type OfferedProvider = Schemas["OfferedProvider"];
export type PendingSignIn = Schemas["PendingSignIn"];
export type LinkedWallet = Schemas["Wallet"];
export type WalletSignIn = Schemas["WalletSignIn"];
export type Passkey = Schemas["Passkey"];
export type Passkeys = Schemas["Passkeys"];
export type ApiKey = Schemas["ApiKey"];
export type NewApiKey = Schemas["NewApiKey"];
export type AppPassword = Schemas["AppPassword"];
export type NewAppPassword = Schemas["NewAppPassword"];
export type Scope = Schemas["ApiKeyAsked"]["scopes"][number];
export type AllowedApp = Schemas["AllowedApp"];
export type AppAsked = Schemas["AppAsked"];
export type App = Schemas["App"];
export type NewApp = Schemas["NewApp"];
export type AuditEntry = Schemas["AuditEntry"];
export type Account = Schemas["Account"];
export type Invitation = Schemas["Invitation"];
export type WaitingArtist = Schemas["WaitingArtist"];
export type Preferences = Schemas["Preferences"];
export type PreferencesChange = Schemas["PreferencesChange"];
export type Consent = Schemas["PurposeConsent"];
export type ConsentAnswer = Schemas["ConsentAnswer"];
export type Export = Schemas["Export"];
export type Import = Schemas["Import"];
export type ImportReport = Schemas["ImportReport"];
export type UnsureWork = Schemas["UnsureWork"];
export type Leftover = Schemas["Leftover"];
export type Stream = Schemas["Stream"];
export type ProgressiveFile = Schemas["ProgressiveFile"];
export type SegmentedFile = Schemas["SegmentedFile"];
export type Loudness = Schemas["Loudness"];
export type Waveform = Schemas["Waveform"];
export type Upload = Schemas["Upload"];
export type Quota = Schemas["Quota"];
export type About = Schemas["About"];
export type Problem = Schemas["Problem"];
export type ContentChange = Schemas["ContentChange"];
export type ArtistChange = Schemas["ArtistChange"];
export type NewAlbum = Schemas["NewAlbum"];
export type NewArtist = Schemas["NewArtist"];
export type Library = Schemas["Library"];
export type LibraryChange = Schemas["LibraryChange"];
export type Scan = Schemas["Scan"];
export type UnreadableFile = Schemas["UnreadableFile"];
export type MissingTrack = Schemas["MissingTrack"];
export type FolderRef = Schemas["FolderRef"];
