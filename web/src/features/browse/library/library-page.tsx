import { useLingui } from "@lingui/react/macro";
import { Link, useSearch } from "@tanstack/react-router";
import { LayoutGrid, List } from "lucide-react";
import { cx } from "@/shared/lib/class-names";
import { useTitle } from "@/shared/lib/title";
import { type LibraryAddress, type Order, orderOf, type View, VIEWS } from "./address";
import { Filter } from "./filters";
import { Letters } from "./letters";
import { Albums, Artists, Roots, Tracks } from "./lists";

/** Everything that one may hear, from A to Z: albums, artists, tracks, and the folders that they lie in. */
export function LibraryPage() {
  const { t } = useLingui();
  useTitle(t`Library`);
  const names = useNames();
  const address = useSearch({ from: "/library" });
  const view = address.view ?? "albums";
  const sort = orderOf(view, address.sort);
  return (
    <div className="flex flex-col gap-6 px-4 pt-6 sm:px-8">
      <h1 className="display text-3xl">{t`Library`}</h1>
      <Views address={address} view={view} />
      {view === "folders" ? null : (
        <div className="scroll-row -mx-4 flex items-end gap-4 px-4 py-1 sm:mx-0 sm:flex-wrap sm:justify-between sm:overflow-visible sm:px-0">
          <Filter address={address} view={view} sort={sort} />
          {view === "tracks" ? null : <Looks address={address} />}
        </div>
      )}
      {sort === "title" && view !== "folders" ? <Letters address={address} /> : null}
      <h2 className="sr-only">{names[view]}</h2>
      <Contents address={address} view={view} sort={sort} />
    </div>
  );
}

type Shown = { address: LibraryAddress; view: View; sort: Order };

function Contents({ address, view, sort }: Shown) {
  const { genre, year, library, from } = address;
  const filters = { genre, year, library, from: sort === "title" ? from : undefined };
  const look = address.look ?? "grid";
  if (view === "folders") return <Roots />;
  if (view === "artists") return <Artists sort={sort} from={filters.from} look={look} />;
  if (view === "tracks") return <Tracks sort={sort} filters={filters} />;
  return <Albums sort={sort} filters={filters} look={look} />;
}

function useNames(): Record<View, string> {
  const { t } = useLingui();
  return { albums: t`Albums`, artists: t`Artists`, tracks: t`Tracks`, folders: t`Folders` };
}

function Views({ address, view }: { address: LibraryAddress; view: View }) {
  const { t } = useLingui();
  const names = useNames();
  return (
    <nav aria-label={t`What is shown`} className="scroll-row flex gap-1 border-b border-line">
      {VIEWS.map((one) => (
        <Link
          key={one}
          to="/library"
          search={{ ...address, view: one === "albums" ? undefined : one, from: undefined }}
          aria-current={one === view ? "page" : undefined}
          className={cx(
            "-mb-px flex min-h-11 items-center border-b-2 px-4 text-sm font-semibold whitespace-nowrap outline-offset-[-2px]",
            one === view ? "border-accent text-ink" : "border-transparent text-muted hover:text-ink",
          )}
        >
          {names[one]}
        </Link>
      ))}
    </nav>
  );
}

function Looks({ address }: { address: LibraryAddress }) {
  const { t } = useLingui();
  const looks = [
    { id: "grid", label: t`As a grid`, Icon: LayoutGrid },
    { id: "list", label: t`As a list`, Icon: List },
  ] as const;
  return (
    <div role="group" aria-label={t`Appearance`} className="flex gap-1">
      {looks.map(({ id, label, Icon }) => {
        const on = (address.look ?? "grid") === id;
        return (
          <Link
            key={id}
            to="/library"
            search={{ ...address, look: id === "grid" ? undefined : id }}
            replace
            aria-label={label}
            aria-current={on ? "true" : undefined}
            title={label}
            className={cx(
              "grid size-11 place-items-center rounded-full hover:bg-hover",
              on ? "bg-hover text-accent-text" : "text-muted",
            )}
          >
            <Icon aria-hidden className="size-5" />
          </Link>
        );
      })}
    </div>
  );
}
