import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Pencil } from "lucide-react";
import type { Artist } from "@/shared/api/types";
import { Cover } from "@/shared/ui/cover";
import { myArtists } from "@/features/studio/api/queries";
import { ApprovalNotice } from "./approval-notice";

/** The profiles one may edit, and what is still in the way of publishing under them. */
export function ArtistRow() {
  const artists = useQuery(myArtists).data ?? [];
  if (artists.length === 0) return null;
  return (
    <div className="flex flex-col gap-4">
      <Profiles artists={artists} />
      {artists.map((artist) => (
        <ApprovalNotice key={artist.id} artist={artist} />
      ))}
    </div>
  );
}

function Profiles({ artists }: { artists: readonly Artist[] }) {
  const { t } = useLingui();
  return (
    <nav aria-label={t`My artist profiles`} className="scroll-row -mx-4 flex gap-3 px-4 sm:mx-0 sm:px-0">
      {artists.map((artist) => (
        <Link
          key={artist.id}
          to="/studio/artists/$artistId"
          params={{ artistId: artist.id }}
          className="flex min-h-14 shrink-0 items-center gap-3 rounded-full border border-line bg-raised py-1.5 ps-1.5 pe-4 hover:bg-hover"
        >
          <Cover image={artist.image} alt="" seed={artist.id} shape="round" sizes="44px" className="size-11" />
          <span className="max-w-48 truncate text-sm font-semibold" dir="auto">
            {artist.name}
          </span>
          <Pencil aria-hidden className="size-4 text-muted" />
          <span className="sr-only">{t`Edit the profile`}</span>
        </Link>
      ))}
    </nav>
  );
}
