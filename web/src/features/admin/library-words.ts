import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Library, Scan } from "@/shared/api/types";

export const ACCESS: Record<Library["access"], MessageDescriptor> = {
  everyone: msg`Everyone, guests too`,
  members: msg`Everybody with an account`,
  chosen: msg`Chosen people`,
};

export const STATES: Record<Scan["state"], MessageDescriptor> = {
  waiting: msg`Waiting to begin`,
  walking: msg`Looking for files`,
  reading: msg`Reading files`,
  settling: msg`Finishing`,
  done: msg`Up to date`,
  cancelled: msg`Cancelled`,
  failed: msg`Failed`,
};

/** Why a file could not be read, by the code that the scan gave. */
export const TROUBLES: Record<string, MessageDescriptor> = {
  bad_playlist_file: msg`This playlist file cannot be read.`,
  codec_crashed: msg`The reader gave up on this file.`,
  damaged: msg`The file is damaged.`,
  no_permission: msg`The server may not read it.`,
  outside_library: msg`This link leads out of the library, to where the server does not follow.`,
  not_audio: msg`There is no sound in it that can be read.`,
  too_complex: msg`Its header claims more than can be.`,
  tags_not_written: msg`Edits could not be written into it.`,
  unreadable: msg`The disk could not give the file.`,
  vanished: msg`It was gone when it was to be read.`,
};

/** Why a scan failed, by its code. */
export const FAILURES: Record<string, MessageDescriptor> = {
  library_away: msg`The folder cannot be read right now. Nothing was changed.`,
  scan_failed: msg`The scan ended with an error. Start it again; the server's log says more.`,
};
