import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { cx } from "@/shared/lib/class-names";
import type { LibraryAddress } from "./address";

const LETTERS = [..."abcdefghijklmnopqrstuvwxyz"];

/** Lets the list begin at a letter; names in scripts that follow the Latin one come after Z. */
export function Letters({ address }: { address: LibraryAddress }) {
  const { t } = useLingui();
  const places: { from: string | undefined; shown: string; label: string }[] = [
    { from: undefined, shown: "#", label: t`From the beginning` },
    ...LETTERS.map((from) => {
      const shown = from.toUpperCase();
      return { from, shown, label: t`From ${shown}` };
    }),
  ];
  return (
    <nav aria-label={t`Jump to a letter`} className="scroll-row -mx-1 flex">
      {places.map(({ from, shown, label }) => (
        <Link
          key={shown}
          to="/library"
          search={{ ...address, from }}
          replace
          aria-label={label}
          aria-current={address.from === from ? "true" : undefined}
          className={cx(
            "grid min-h-11 min-w-9 flex-1 place-items-center rounded-md text-sm font-semibold outline-offset-[-2px] pointer-coarse:min-w-11",
            address.from === from ? "bg-hover text-accent-text" : "text-muted hover:bg-hover hover:text-ink",
          )}
        >
          {shown}
        </Link>
      ))}
    </nav>
  );
}
