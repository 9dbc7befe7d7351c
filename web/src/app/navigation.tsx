import { useLingui } from "@lingui/react/macro";
import { Link, type LinkProps } from "@tanstack/react-router";
import {
  Download,
  Heart,
  History,
  House,
  Library,
  LibraryBig,
  ListMusic,
  type LucideIcon,
  MessagesSquare,
  RadioTower,
  Search,
  Settings,
  Tags,
  Upload,
} from "lucide-react";
import { useSignedIn } from "@/shared/lib/session";
import { cx } from "@/shared/lib/class-names";
import { Wordmark } from "@/shared/ui/logo";

type Item = { to: NonNullable<LinkProps["to"]>; label: string; icon: LucideIcon; exact?: boolean };

function useItems(): { listen: Item[]; make: Item[]; settings: Item } {
  const { t } = useLingui();
  const signedIn = useSignedIn();
  const apart: Item[] = [
    { to: "/liked", label: t`Liked`, icon: Heart },
    { to: "/downloads", label: t`Downloads`, icon: Download },
    { to: "/listening", label: t`Listening`, icon: History },
    { to: "/radio", label: t`Radio`, icon: RadioTower },
    { to: "/chat", label: t`Chat`, icon: MessagesSquare },
  ];
  return {
    listen: [
      { to: "/", label: t`Home`, icon: House, exact: true },
      { to: "/search", label: t`Search`, icon: Search },
      { to: "/library", label: t`Library`, icon: LibraryBig },
      { to: "/genres", label: t`Genres`, icon: Tags },
      { to: "/playlists", label: t`Playlists`, icon: ListMusic },
      ...(signedIn ? apart : []),
    ],
    make: [
      { to: "/studio", label: t`My music`, icon: Library, exact: true },
      { to: "/studio/upload", label: t`Upload`, icon: Upload },
    ],
    settings: { to: "/settings", label: t`Settings`, icon: Settings },
  };
}

function SideLink({ item }: { item: Item }) {
  return (
    <Link
      to={item.to}
      activeOptions={{ exact: item.exact ?? false }}
      className="flex min-h-11 items-center gap-3.5 rounded-md px-3 font-semibold transition-colors"
      activeProps={{ className: "bg-hover text-ink" }}
      inactiveProps={{ className: "text-muted hover:bg-hover hover:text-ink" }}
    >
      {({ isActive }) => (
        <>
          <item.icon aria-hidden className={cx("size-5", isActive && "text-accent-text")} />
          {item.label}
        </>
      )}
    </Link>
  );
}

export function SideBar() {
  const { t } = useLingui();
  const { listen, make, settings } = useItems();
  return (
    <aside className="fixed inset-y-0 start-0 z-20 hidden w-60 flex-col gap-8 border-e border-line bg-sunken px-4 pt-6 pb-[calc(var(--player-height)+1.5rem)] lg:flex">
      <Link to="/" aria-label={t`Antiphon, home`} className="rounded-md px-2">
        <Wordmark />
      </Link>
      <nav aria-label={t`Main`} className="flex flex-1 flex-col gap-8 overflow-y-auto">
        <div className="flex flex-col gap-1">
          {listen.map((item) => (
            <SideLink key={item.to} item={item} />
          ))}
        </div>
        <div className="flex flex-col gap-1">
          <h2 className="px-3 pb-1 text-sm font-semibold text-faint">{t`Studio`}</h2>
          {make.map((item) => (
            <SideLink key={item.to} item={item} />
          ))}
        </div>
        <div className="mt-auto flex flex-col gap-1">
          <SideLink item={settings} />
        </div>
      </nav>
    </aside>
  );
}

export function BottomBar() {
  const { t } = useLingui();
  const signedIn = useSignedIn();
  const { listen, make, settings } = useItems();
  // Six have room under a thumb: genres are one step away, on the search page, what is liked on the playlists', and
  // the rest in the menu of the account.
  const apart: Item["to"][] = ["/genres", "/liked", "/listening", "/radio", "/chat"];
  const items = [...listen.filter((item) => !apart.includes(item.to)), signedIn ? make.slice(0, 1) : settings].flat();
  return (
    <nav
      aria-label={t`Main`}
      className="fixed inset-x-0 bottom-0 z-30 border-t border-line bg-sunken pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      <ul className="flex">
        {items.map((item) => (
          <li key={item.to} className="min-w-0 flex-1">
            <Link
              to={item.to}
              activeOptions={{ exact: item.exact ?? false }}
              className="flex h-16 flex-col items-center justify-center gap-1 text-xs font-semibold outline-offset-[-3px]"
              activeProps={{ className: "text-ink" }}
              inactiveProps={{ className: "text-muted" }}
            >
              {({ isActive }) => (
                <>
                  <item.icon aria-hidden className={cx("size-6", isActive && "text-accent-text")} />
                  <span className="max-w-full truncate px-px tracking-tight">{item.label}</span>
                </>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
