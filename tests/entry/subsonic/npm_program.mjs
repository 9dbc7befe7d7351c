// subsonic-api of npm, which nobody here wrote, in a process of its own: `WEB URL NAME PASSWORD KEY`, where WEB is the
// folder with its node_modules. Prints one JSON object: by way of asking and method "ok", or why it could not.
import { createRequire } from "node:module";

const [web, url, username, password, apiKey] = process.argv.slice(2);
const { SubsonicAPI } = await import(createRequire(`${web}/`).resolve("subsonic-api"));

async function go(api) {
  const told = {};
  const ask = async (method, args) => {
    try {
      const found = await api[method](args);
      if (found instanceof Response) {
        const kind = found.headers.get("content-type") ?? "";
        if (!found.ok || /json|xml/.test(kind)) throw new Error(`${found.status} ${kind}: ${await found.text()}`);
        if ((await found.arrayBuffer()).byteLength < 100) throw new Error("hardly a byte");
      } else if (found.status !== "ok") throw new Error(`${found.error.code} ${found.error.message}`);
      told[method] ??= "ok";
      return found;
    } catch (error) {
      told[method] = String(error.message ?? error);
      return undefined;
    }
  };
  const song = await read(ask);
  await write(ask, song);
  for (const args of [{ id: song.id, format: "raw" }, { id: song.id, format: "mp3", maxBitRate: 96 }])
    await ask("stream", args);
  await ask("download", { id: song.id });
  await ask("hls", { id: song.id });
  await ask("getCoverArt", { id: song.coverArt, size: 64 });
  await ask("getAvatar", { username });
  await refused(ask, song);
  return told;
}

async function read(ask) {
  for (const method of ["ping", "getLicense", "getOpenSubsonicExtensions", "getMusicFolders", "getIndexes"]) await ask(method);
  const { artists } = await ask("getArtists");
  const { artist } = await ask("getArtist", { id: artists.index[0].artist[0].id });
  const { album } = await ask("getAlbum", { id: artist.album[0].id });
  const { song } = await ask("getSong", { id: album.song[0].id });
  await ask("getMusicDirectory", { id: album.id });
  for (const method of ["getArtistInfo", "getArtistInfo2", "getSimilarSongs", "getSimilarSongs2"])
    await ask(method, { id: artist.id });
  for (const method of ["getAlbumInfo", "getAlbumInfo2"]) await ask(method, { id: album.id });
  for (const type of ["newest", "random", "starred"])
    for (const method of ["getAlbumList", "getAlbumList2"]) await ask(method, { type, size: 5 });
  await ask("getTopSongs", { artist: artist.name });
  await ask("getSongsByGenre", { genre: song.genre });
  for (const method of ["search2", "search3"]) await ask(method, { query: song.title });
  await ask("getLyrics", { artist: "Nobody", title: "Nothing" });
  await ask("getLyricsBySongId", { id: song.id });
  await ask("getUser", { username });
  for (const method of ["getGenres", "getRandomSongs", "getVideos", "getNowPlaying", "getStarred", "getStarred2"]) await ask(method);
  for (const method of ["getUsers", "getPodcasts", "getNewestPodcasts", "getScanStatus", "getChatMessages"]) await ask(method);
  return song;
}

async function write(ask, song) {
  await ask("star", { id: song.id, albumId: song.albumId });
  await ask("unstar", { id: song.id, albumId: song.albumId });
  await ask("setRating", { id: song.id, rating: 3 });
  await ask("scrobble", { id: song.id, submission: false });
  const { playlist } = await ask("createPlaylist", { name: "Mix", songId: [song.id, song.id] });
  await ask("updatePlaylist", { playlistId: playlist.id, comment: "Twice", public: true, songIndexToRemove: [1] });
  const again = await ask("getPlaylist", { id: playlist.id });
  if (again.playlist.entry.length !== 1 || !again.playlist.public) throw new Error("the playlist is another");
  await ask("getPlaylists");
  await ask("deletePlaylist", { id: playlist.id });
  const { shares } = await ask("createShare", { id: song.id, description: "For you" });
  await ask("updateShare", { id: shares.share[0].id, expires: Date.now() + 3_600_000 });
  await ask("getShares");
  await ask("deleteShare", { id: shares.share[0].id });
  await ask("createBookmark", { id: song.id, position: 100 });
  await ask("getBookmarks");
  await ask("deleteBookmark", { id: song.id });
  await ask("savePlayQueue", { id: [song.id], current: song.id, position: 5 });
  await ask("getPlayQueue");
  await ask("addChatMessage", { message: "Hello" });
  await ask("createInternetRadioStation", { name: "One", streamUrl: "http://radio.example/one" });
  const [station] = (await ask("getInternetRadioStations")).internetRadioStations.internetRadioStation;
  await ask("updateInternetRadioStation", { id: station.id, name: "Two", streamUrl: station.streamUrl });
  await ask("deleteInternetRadioStation", { id: station.id });
  await ask("startScan");
}

async function refused(ask, song) {
  for (const method of ["getVideoInfo", "getCaptions", "getPodcastEpisode", "deletePodcastChannel", "deletePodcastEpisode"])
    await ask(method, { id: "1" });
  await ask("downloadPodcastEpisode", { id: "1" });
  await ask("refreshPodcasts");
  await ask("createPodcastChannel", { url: "http://pod.example/" });
  await ask("jukeboxControl", { action: "get" });
  await ask("reportPlayback", { mediaId: song.id, mediaType: "song", positionMs: 0, state: "playing" });
  const person = { username: "bob", password: "secret", email: "bob@example.org" };
  for (const method of ["createUser", "updateUser", "deleteUser", "changePassword"]) await ask(method, person);
}

const auth = { username, password };
const told = {
  get: await go(new SubsonicAPI({ url, auth })),
  post: await go(new SubsonicAPI({ url, auth, post: true })),
  key: await go(new SubsonicAPI({ url, auth: { apiKey }, post: true })),
};
const known = Object.getOwnPropertyNames(SubsonicAPI.prototype);
console.log(JSON.stringify({ told, known }));
