import { useLingui } from "@lingui/react/macro";
import { Link, useLocation, useNavigate } from "@tanstack/react-router";
import { LogIn, Search } from "lucide-react";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { cx } from "@/shared/lib/class-names";
import { useSignedIn } from "@/shared/lib/session";
import { buttonClasses } from "@/shared/ui/button";
import { Mark } from "@/shared/ui/logo";
import { Skeleton } from "@/shared/ui/progress";

const AccountMenu = lazy(() => import("./account-menu").then((module) => ({ default: module.AccountMenu })));

/** How long typing must rest before the address, and with it the search, follows. */
const REST_MS = 180;

export const SEARCH_BOX_ID = "search-box";

function useSearchText() {
  const navigate = useNavigate();
  const location = useLocation();
  const onSearchPage = location.pathname === "/search";
  const inAddress = onSearchPage ? String((location.search as { q?: string }).q ?? "") : "";
  const [text, setText] = useState(inAddress);
  const timer = useRef<number>(undefined);
  const typed = useRef(inAddress);

  useEffect(() => {
    // Moved by a link or the back button: the box follows; while one types, the box leads.
    if (inAddress !== typed.current) {
      typed.current = inAddress;
      setText(inAddress);
    }
  }, [inAddress]);

  const go = (query: string) => {
    window.clearTimeout(timer.current);
    typed.current = query;
    void navigate({ to: "/search", search: query ? { q: query } : {}, replace: onSearchPage });
  };
  const change = (next: string) => {
    setText(next);
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => {
      if (next.trim() || onSearchPage) go(next.trim());
    }, REST_MS);
  };
  return { text, change, go };
}

function SearchBox() {
  const { t } = useLingui();
  const { text, change, go } = useSearchText();
  return (
    <form
      role="search"
      className="relative w-full max-w-lg"
      onSubmit={(event) => {
        event.preventDefault();
        go(text.trim());
      }}
    >
      <Search aria-hidden className="pointer-events-none absolute inset-y-0 start-4 my-auto size-5 text-muted" />
      <input
        id={SEARCH_BOX_ID}
        type="search"
        value={text}
        onChange={(event) => change(event.target.value)}
        aria-label={t`Search artists, albums and tracks`}
        placeholder={t`Artists, albums, tracks`}
        autoComplete="off"
        enterKeyHint="search"
        className="h-11 w-full appearance-none rounded-full border border-line-strong/60 bg-raised ps-12 pe-12 text-ink placeholder:text-faint hover:border-line-strong focus:outline-2 focus:outline-focus [&::-webkit-search-cancel-button]:hidden"
      />
      {text ? null : (
        <kbd
          aria-hidden
          className="pointer-events-none absolute inset-y-0 end-4 my-auto hidden h-6 items-center rounded-sm border border-line-strong/60 px-2 font-text text-xs text-muted lg:flex"
        >
          /
        </kbd>
      )}
    </form>
  );
}

/** True once the page has moved under the bar; at the top the page's colour runs behind it. */
function useScrolled(): boolean {
  const [scrolled, setScrolled] = useState(false);
  useEffect(() => {
    const look = () => setScrolled(window.scrollY > 8);
    look();
    window.addEventListener("scroll", look, { passive: true });
    return () => window.removeEventListener("scroll", look);
  }, []);
  return scrolled;
}

export function TopBar() {
  const { t } = useLingui();
  const signedIn = useSignedIn();
  const location = useLocation();
  const scrolled = useScrolled();
  const next = location.pathname.startsWith("/sign-") ? undefined : location.href;
  return (
    <header
      className={cx(
        "sticky top-0 z-20 flex h-16 items-center gap-3 px-4 transition-colors sm:px-8",
        scrolled && "bg-surface contrast-theme:border-b contrast-theme:border-line",
      )}
    >
      <Link
        to="/"
        aria-label={t`Antiphon, home`}
        className="grid size-11 shrink-0 place-items-center rounded-md lg:hidden"
      >
        <Mark className="size-9" />
      </Link>
      <div className="flex min-w-0 flex-1">
        <SearchBox />
      </div>
      {signedIn ? (
        <Suspense fallback={<Skeleton className="size-11 rounded-full" />}>
          <AccountMenu />
        </Suspense>
      ) : (
        <div className="flex items-center gap-2">
          <Link to="/sign-up" search={{ next }} className={buttonClasses("ghost", "md", "max-md:hidden")}>
            {t`Sign up`}
          </Link>
          <Link to="/sign-in" search={{ next }} className={buttonClasses("primary", "md", "max-sm:w-11 max-sm:px-0")}>
            <LogIn aria-hidden className="flip-rtl size-5 sm:hidden" />
            <span className="max-sm:sr-only">{t`Sign in`}</span>
          </Link>
        </div>
      )}
    </header>
  );
}
