import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { pagePadding, Section } from "@/features/browse/components/page";
import { TrackList } from "@/features/browse/components/track-list";
import type { FileDetails, FullTrack } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { byteSize, clockTime, count, decimal, languageName, longDate } from "@/shared/lib/format";
import { buttonClasses } from "@/shared/ui/button";
import { Contributions, FactSection, Facts } from "./facts";
import { contributions } from "./groups";
import { fileQuery, versionsQuery } from "./queries";

function useChannels(): (channels: number) => string {
  const { t } = useLingui();
  return (channels) => {
    const many = count(channels);
    return channels === 1 ? t`Mono` : channels === 2 ? t`Stereo` : t`${many} channels`;
  };
}

/** `FLAC`, `AAC in M4A`: what the sound is, and in what it is wrapped where that is something else. */
function useFormat(): (file: FileDetails) => string {
  const { t } = useLingui();
  return ({ codec, suffix }) => {
    const [sound, wrap] = [codec.toUpperCase(), suffix.toUpperCase()];
    return !sound || sound === wrap ? wrap : wrap ? t`${sound} in ${wrap}` : sound;
  };
}

function File({ trackId }: { trackId: string }) {
  const { t } = useLingui();
  const channels = useChannels();
  const format = useFormat();
  const file = useQuery(fileQuery(trackId)).data;
  if (!file) return null;
  const bitrate = file.bitrate_kbps === null ? "" : count(file.bitrate_kbps);
  const kilohertz = file.sample_rate === null ? "" : decimal(file.sample_rate / 1000);
  const bits = file.bit_depth === null ? "" : count(file.bit_depth);
  const gain = (decibels: number, peak: number | null) => {
    const [change, most] = [decimal(decibels, 2), peak === null ? "" : decimal(peak, 3)];
    return most ? t`${change} dB, peak ${most}` : t`${change} dB`;
  };
  return (
    <FactSection title={t`File`}>
      <Facts
        facts={[
          [t`Format`, format(file)],
          file.bitrate_kbps !== null && [t`Bit rate`, t`${bitrate} kbit/s`],
          file.sample_rate !== null && [t`Sample rate`, bits ? t`${kilohertz} kHz, ${bits} bit` : t`${kilohertz} kHz`],
          file.channels !== null && [t`Channels`, channels(file.channels)],
          file.bytes > 0 && [t`Size`, byteSize(file.bytes)],
          file.track_gain !== null && [t`ReplayGain, track`, gain(file.track_gain, file.track_peak)],
          file.album_gain !== null && [t`ReplayGain, album`, gain(file.album_gain, file.album_peak)],
          file.path !== null && [t`Place in the library`, <bdi key="path">{file.path}</bdi>],
        ]}
      />
    </FactSection>
  );
}

function Words({ track }: { track: FullTrack }) {
  const { t } = useLingui();
  if (track.genres.length + track.moods.length + track.tags.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {track.genres.map((genre) => (
        <Link
          key={genre.id}
          to="/genres/$genreId"
          params={{ genreId: genre.id }}
          className={buttonClasses("secondary", "sm")}
          dir="auto"
        >
          <span className="sr-only">{t`Genre`}: </span>
          {genre.name}
        </Link>
      ))}
      {[...track.moods, ...track.tags].map((word) => (
        <Link
          key={word}
          to="/search"
          search={{ q: word }}
          className={buttonClasses("ghost", "sm", "border border-line")}
          dir="auto"
        >
          {word}
        </Link>
      ))}
    </div>
  );
}

function About({ track }: { track: FullTrack }) {
  const { t } = useLingui();
  const bpm = track.bpm === null ? "" : decimal(track.bpm, Number.isInteger(track.bpm) ? 0 : 1);
  return (
    <FactSection title={t`Details`}>
      <Facts
        facts={[
          track.duration_ms !== null && [t`Length`, clockTime(track.duration_ms)],
          track.disc_number !== null && track.disc_number > 1 && [t`Disc`, count(track.disc_number)],
          track.track_number !== null && [t`Number on the album`, count(track.track_number)],
          track.year !== null && [t`Year`, String(track.year)],
          bpm !== "" && [t`Tempo`, t`${bpm} BPM`],
          track.musical_key !== null && [t`Key`, <bdi key="key">{track.musical_key}</bdi>],
          track.language !== null && [t`Language`, languageName(track.language)],
          track.work !== "" && [t`Work`, <bdi key="work">{track.work}</bdi>],
          track.movement !== "" && [t`Movement`, <bdi key="movement">{track.movement}</bdi>],
          track.isrc !== null && [t`ISRC`, track.isrc],
          track.copyright !== "" && [t`Copyright`, <bdi key="copyright">{track.copyright}</bdi>],
          track.published_at !== null && [t`Added`, longDate(track.published_at)],
          [t`Plays`, count(track.stats.plays)],
        ]}
      />
      <Words track={track} />
    </FactSection>
  );
}

function Versions({ trackId }: { trackId: string }) {
  const { t } = useLingui();
  const found = useQuery(versionsQuery(trackId)).data ?? [];
  const versions = found.map((one) => one.track).filter((track) => track.id !== trackId);
  if (versions.length === 0) return null;
  return (
    <Section title={t`Other versions`} className="pt-14">
      <TrackList label={t`Other versions`} tracks={versions} showAlbum showPlays />
    </Section>
  );
}

/** All that is known of a track: words about it, who made it, facts of the music and of the file, other versions. */
export function TrackDetails({ track }: { track: FullTrack }) {
  const { t } = useLingui();
  const people = contributions(track.credits);
  const words = [track.description, track.comment].filter(Boolean).join("\n\n");
  return (
    <>
      <div className={cx("grid items-start gap-12 pt-14 md:grid-cols-2 xl:grid-cols-3", pagePadding)}>
        {words ? (
          <FactSection title={t`About the track`}>
            <p className="max-w-prose whitespace-pre-line text-muted" dir="auto">
              {words}
            </p>
          </FactSection>
        ) : null}
        {people.length > 0 ? (
          <FactSection title={t`Credits`}>
            <Contributions people={people} label={t`Credits`} />
          </FactSection>
        ) : null}
        <About track={track} />
        <File trackId={track.id} />
      </div>
      <Versions trackId={track.id} />
    </>
  );
}
