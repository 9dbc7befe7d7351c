import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import { codeText } from "@/shared/lib/error-text";

const kinds: Record<string, MessageDescriptor> = {
  albums: msg`Albums`,
  artists: msg`Artists`,
  consents: msg`Past answers`,
  likes: msg`Likes`,
  pictures: msg`Pictures`,
  playlist_tracks: msg`Tracks of playlists`,
  playlists: msg`Playlists`,
  plays: msg`Plays`,
  preferences: msg`Preferences`,
  profile: msg`Profile`,
  ratings: msg`Ratings`,
  tracks: msg`Tracks`,
};

const reasons: Record<string, MessageDescriptor> = {
  artist_not_found: msg`Its artist is not here.`,
  bomb: msg`This archive unpacks to far more than it can honestly hold.`,
  content_not_found: msg`This track is not here.`,
  encrypted: msg`This archive is encrypted.`,
  import_dropped: msg`You left it out.`,
  import_not_reviewed: msg`Nobody looked it over within a week, so it was left out.`,
  import_failed: msg`Something went wrong here. Try again.`,
  invalid_input: msg`Something in this record is not right.`,
  invalid_record: msg`This record cannot be read.`,
  newer_version: msg`This archive was made by a newer Antiphon than this one.`,
  no_file: msg`Its file is not in the archive.`,
  no_manifest: msg`This is not an archive of an Antiphon account.`,
  not_a_zip: msg`This is not a ZIP archive, or it is damaged.`,
  subject_not_here: msg`What this picture shows is not here.`,
  too_large: msg`This archive is larger than this server takes.`,
  too_many_files: msg`This archive holds more than this server takes.`,
  unknown_purpose: msg`Nobody is asked this here.`,
  work_ambiguous: msg`Several works here may be meant, so none was chosen.`,
  work_not_here: msg`It is not here: neither its number nor its name was found.`,
  wrong_format: msg`This is not an archive of an Antiphon account.`,
};
const otherwise = msg`This archive cannot be taken in.`;

/** What the records of an archive are called. */
export function useKinds(): (name: string) => string {
  const { i18n } = useLingui();
  return (name) => (kinds[name] ? i18n._(kinds[name]) : name);
}

/** Why something was not taken in. */
export function useReasons(): (code: string) => string {
  const { i18n } = useLingui();
  return (code) => (reasons[code] ? i18n._(reasons[code]) : (codeText(code) ?? i18n._(otherwise)));
}
