import { useLingui } from "@lingui/react/macro";
import { Disc3, type LucideIcon, ListMusic, Mic, Music, User } from "lucide-react";
import { useEffect, useRef } from "react";
import { cx } from "@/shared/lib/class-names";
import { overlayClasses } from "@/shared/ui/overlay";
import type { Suggested } from "./suggested";

const icons: Record<Suggested["kind"], LucideIcon> = {
  artist: Mic,
  album: Disc3,
  track: Music,
  playlist: ListMusic,
  person: User,
};

type ListProps = {
  id: string;
  suggestions: readonly Suggested[];
  active: string | undefined;
  choose: (one: Suggested) => void;
};

/** What is suggested while one types, kind by kind. The field keeps the focus. */
export function Suggestions({ id, suggestions, active, choose }: ListProps) {
  const { t } = useLingui();
  const names: Record<Suggested["kind"], string> = {
    artist: t`Artists`,
    album: t`Albums`,
    track: t`Tracks`,
    playlist: t`Playlists`,
    person: t`People`,
  };
  const kinds = [...new Set(suggestions.map((one) => one.kind))];
  return (
    <div
      id={id}
      role="listbox"
      aria-label={t`Suggestions`}
      // Before the field loses the focus, which closes the list.
      onPointerDown={(event) => event.preventDefault()}
      className={cx(
        "absolute inset-x-0 top-full z-30 mt-2 max-h-[70dvh] overflow-y-auto p-2",
        "max-sm:fixed max-sm:inset-x-4 max-sm:top-16 max-sm:mt-0",
        overlayClasses,
      )}
    >
      {kinds.map((kind) => (
        <div key={kind} role="group" aria-labelledby={`${id}-${kind}`}>
          <p id={`${id}-${kind}`} className="px-3 pt-2 pb-1 text-xs font-semibold text-muted">
            {names[kind]}
          </p>
          {suggestions
            .filter((one) => one.kind === kind)
            .map((one) => (
              <Option key={one.id} id={`${id}-${one.id}`} one={one} active={one.id === active} choose={choose} />
            ))}
        </div>
      ))}
    </div>
  );
}

type OptionProps = { id: string; one: Suggested; active: boolean; choose: (one: Suggested) => void };

function Option({ id, one, active, choose }: OptionProps) {
  const Icon = icons[one.kind];
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <div
      ref={row}
      id={id}
      role="option"
      aria-selected={active}
      onClick={() => choose(one)}
      className={cx(
        "flex min-h-11 cursor-pointer items-center gap-3 rounded-md px-3 py-1.5 hover:bg-hover",
        active && "bg-hover contrast-theme:outline-2 contrast-theme:outline-focus",
      )}
    >
      <Icon aria-hidden className="size-5 shrink-0 text-muted" />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold" dir="auto">
          {one.text}
        </span>
        {one.detail ? (
          <span className="block truncate text-sm text-muted" dir="auto">
            {one.detail}
          </span>
        ) : null}
      </span>
    </div>
  );
}
