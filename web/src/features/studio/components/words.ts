import { useLingui } from "@lingui/react/macro";
import { ApiError, NetworkError } from "@/shared/api/errors";
import type { AlbumCard, FullArtist } from "@/shared/api/types";

type Problem = { code: string; detail: string };
type Words = {
  /** A sentence a person understands; the server's own words where the code is new to us. */
  problem: (problem: Problem) => string;
  failure: (error: unknown) => string;
  step: (step: string) => string;
  albumKind: Record<AlbumCard["album_kind"], string>;
  artistKind: Record<FullArtist["artist_kind"], string>;
  role: (role: string) => string;
  roles: readonly string[];
};

const ROLES = [
  "performer",
  "vocals",
  "composer",
  "lyricist",
  "arranger",
  "producer",
  "remixer",
  "conductor",
  "recording engineer",
  "mixing engineer",
  "mastering engineer",
] as const;

export function useWords(): Words {
  const { t } = useLingui();
  const problems: Record<string, string> = {
    unsupported_media_type: t`This is not a sound file we can open.`,
    upload_too_large: t`This file is larger than one upload may be.`,
    quota_exceeded: t`There is not enough room left in your storage.`,
    empty_file: t`This file is empty.`,
    unreadable_file: t`Your browser could not read this file. Has it been moved?`,
    not_audio: t`This file holds no sound that we can read.`,
    damaged: t`The file is damaged: its sound cannot be decoded.`,
    no_samples: t`There is no sound in this file.`,
    too_long: t`This recording is longer than the server takes.`,
    too_complex: t`Decoding this file takes more time or memory than is allowed.`,
    codec_crashed: t`The decoder gave up on this file.`,
    bad_picture: t`This picture cannot be read.`,
    artist_has_works: t`This artist still has music. Delete or move it first.`,
    artist_not_approved: t`This can be published once the artist is approved.`,
    artist_not_refused: t`This artist was not refused, so there is nothing to ask again.`,
    not_ready: t`It cannot be published before its first version plays.`,
    album_empty: t`An album needs at least one track before it is published.`,
    published_already: t`This is public already.`,
    taken_down: t`This was taken down; a moderator decides whether it comes back.`,
    not_taken_down: t`This was not taken down.`,
    permission_missing: t`You are not allowed to do this.`,
    version_conflict: t`Somebody changed this meanwhile.`,
    forbidden: t`You are not allowed to change this.`,
    not_manager: t`You are not allowed to change this.`,
    not_found: t`This does not exist any more.`,
    content_not_found: t`This does not exist any more.`,
    album_not_found: t`This album does not exist any more.`,
    artist_not_found: t`This artist does not exist any more.`,
    network: t`The server cannot be reached. Check your connection.`,
  };
  const problem = ({ code, detail }: Problem): string =>
    problems[code] ?? (detail || t`Something went wrong (${code}).`);
  const steps: Record<string, string> = {
    accept: t`Received`,
    probe: t`Checking the file`,
    loudness: t`Measuring loudness`,
    waveform: t`Drawing the waveform`,
    artwork: t`Preparing artwork`,
    renditions: t`Encoding`,
    done: t`Done`,
  };
  const roles: Record<(typeof ROLES)[number], string> = {
    performer: t`Performer`,
    vocals: t`Vocals`,
    composer: t`Composer`,
    lyricist: t`Lyricist`,
    arranger: t`Arranger`,
    producer: t`Producer`,
    remixer: t`Remixer`,
    conductor: t`Conductor`,
    "recording engineer": t`Recording engineer`,
    "mixing engineer": t`Mixing engineer`,
    "mastering engineer": t`Mastering engineer`,
  };
  return {
    problem,
    failure: (error) => {
      if (error instanceof ApiError) return problem(error);
      return problem({ code: error instanceof NetworkError ? "network" : "unknown", detail: "" });
    },
    step: (step) => steps[step] ?? step,
    albumKind: {
      album: t`Album`,
      ep: t`EP`,
      single: t`Single`,
      compilation: t`Compilation`,
      live: t`Live album`,
      remix: t`Remix album`,
      soundtrack: t`Soundtrack`,
      mixtape: t`Mixtape`,
      demo: t`Demo`,
      spoken: t`Spoken word`,
      audiobook: t`Audiobook`,
      broadcast: t`Broadcast`,
      other: t`Another kind of release`,
    },
    artistKind: {
      "": t`Not said`,
      person: t`Person`,
      group: t`Group`,
      orchestra: t`Orchestra`,
      choir: t`Choir`,
      character: t`Character`,
      other: t`Another kind of artist`,
    },
    role: (role) => (roles as Record<string, string>)[role] ?? role,
    roles: ROLES,
  };
}
