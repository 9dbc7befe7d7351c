import type { components } from "./schema.gen";

/** Names of the API's types, taken from the generated document; no type of an answer is written by hand. */
type Schemas = components["schemas"];

export type Image = Schemas["Image"];
export type ArtistRef = Schemas["ArtistRef"];
export type AlbumRef = Schemas["AlbumRef"];
export type GenreRef = Schemas["GenreRef"];
export type Artist = Schemas["Artist"];
export type AlbumCard = Schemas["AlbumCard"];
export type Album = Schemas["Album"];
export type Track = Schemas["Track"];
export type Credit = Schemas["Credit"];
export type Genre = Schemas["Genre"];
export type Discover = Schemas["Discover"];
export type SearchResults = Schemas["SearchResults"];
export type User = Schemas["User"];
export type Me = Schemas["Me"];
export type Tokens = Schemas["Tokens"];
export type Stream = Schemas["Stream"];
export type Progressive = Schemas["Progressive"];
export type Loudness = Schemas["Loudness"];
export type Waveform = Schemas["Waveform"];
export type Upload = Schemas["Upload"];
export type Quota = Schemas["Quota"];
export type About = Schemas["About"];
export type Problem = Schemas["Problem"];
