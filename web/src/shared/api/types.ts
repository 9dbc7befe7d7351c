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
export type Credit = Schemas["Credit"];
export type Genre = Schemas["Genre"];
export type Discovery = Schemas["Discovery"];
export type SearchResult = Schemas["SearchResult"];
export type User = Schemas["User"];
export type Me = Schemas["Me"];
export type SignIn = Schemas["SignIn"];
export type DeviceSession = Schemas["Session"];
export type LinkedWallet = Schemas["Wallet"];
export type AuditEntry = Schemas["AuditEntry"];
export type Account = Schemas["Account"];
export type Invitation = Schemas["Invitation"];
export type Stream = Schemas["Stream"];
export type ProgressiveFile = Schemas["ProgressiveFile"];
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
