import { Link } from "@tanstack/react-router";
import { Fragment } from "react";
import type { ArtistCredit, ArtistRef } from "@/shared/api/types";

type Credited = { artist: ArtistRef; artists: readonly ArtistCredit[] };

/** Those whose work it is, in their order and joined as the sleeve has it. */
const credited = ({ artist, artists }: Credited): readonly ArtistCredit[] =>
  artists.length > 0 ? artists : [{ ...artist, joined_by: "" }];

const joint = (all: readonly ArtistCredit[], place: number): string =>
  place < all.length - 1 ? all[place]?.joined_by || ", " : "";

/** The same as words alone, where there is no room for links. */
export const performersText = (work: Credited): string =>
  credited(work)
    .map(({ name }, place, all) => name + joint(all, place))
    .join("");

export function Performers({ work, className = "" }: { work: Credited; className?: string }) {
  return (
    <bdi>
      {credited(work).map(({ id, name }, place, all) => (
        <Fragment key={id}>
          <Link
            to="/artists/$artistId"
            params={{ artistId: id }}
            className={`rounded-sm hover:text-ink hover:underline ${className}`}
          >
            {name}
          </Link>
          {joint(all, place)}
        </Fragment>
      ))}
    </bdi>
  );
}
