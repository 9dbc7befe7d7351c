import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BookmarkX } from "lucide-react";
import type { Announcement, PreSave } from "@/shared/api/types";
import { dateAndTime } from "@/shared/lib/format";
import { useSignedIn } from "@/shared/lib/session";
import { IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { ShowMore } from "@/shared/ui/show-more";
import { Section } from "@/features/browse/components/page";
import { announcementsQuery, preSavesQuery, useChangePreSave } from "./announced-queries";

function Row({ album, withArtist }: { album: Announcement; withArtist: boolean }) {
  const { t } = useLingui();
  const when = dateAndTime(album.release_at);
  return (
    <>
      <Cover image={album.cover} alt="" seed={album.id} sizes="56px" className="size-14 shrink-0 rounded-md" />
      <div className="flex min-w-0 flex-1 flex-col">
        <Link
          to="/albums/$albumId"
          params={{ albumId: album.id }}
          className="truncate font-semibold hover:underline"
          dir="auto"
        >
          {album.title}
        </Link>
        <span className="text-sm text-muted">
          {withArtist ? (
            <>
              <bdi>{album.artist.name}</bdi> ·{" "}
            </>
          ) : null}
          {t`Comes out on ${when}.`}
        </span>
      </div>
    </>
  );
}

const rowClasses = "flex min-h-16 items-center gap-4";

/** What an artist has announced. */
export function ComingSoon({ artistId }: { artistId: string }) {
  const { t } = useLingui();
  const found = useQuery(announcementsQuery(artistId)).data ?? [];
  if (found.length === 0) return null;
  return (
    <Section title={t`Coming soon`} className="pb-14">
      <ul className="flex flex-col gap-2">
        {found.map((album) => (
          <li key={album.id} className={rowClasses}>
            <Row album={album} withArtist={false} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Kept({ one }: { one: PreSave }) {
  const { t } = useLingui();
  const change = useChangePreSave(one.id);
  const name = one.announcement?.title ?? t`Not announced any more`;
  return (
    <li className={rowClasses}>
      {one.announcement ? (
        <Row album={one.announcement} withArtist />
      ) : (
        <>
          <Cover image={null} alt="" seed={one.id} sizes="56px" className="size-14 shrink-0 rounded-md" />
          <div className="flex min-w-0 flex-1 flex-col">
            <span className="font-semibold">{name}</span>
            <span className="text-sm text-muted">
              {t`Its artist took it back, or it was taken down. If it comes out after all, you will like it.`}
            </span>
          </div>
        </>
      )}
      <IconButton
        label={t`Take the pre-save back: ${name}`}
        isPending={change.isPending}
        onPress={() => change.mutate(false)}
      >
        <BookmarkX aria-hidden className="size-5" />
      </IconButton>
    </li>
  );
}

/** What the person waits for; once it is out it is among what they like instead. */
export function PreSaved() {
  const { t } = useLingui();
  const signedIn = useSignedIn();
  const found = useInfiniteQuery({ ...preSavesQuery, enabled: signedIn });
  const items = found.data?.pages.flatMap((page) => page.items) ?? [];
  if (items.length === 0) return null;
  return (
    <Section title={t`Pre-saved`}>
      <ul className="flex flex-col gap-2">
        {items.map((one) => (
          <Kept key={one.id} one={one} />
        ))}
      </ul>
      <ShowMore pages={found} />
    </Section>
  );
}
