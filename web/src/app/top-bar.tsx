import { useLingui } from "@lingui/react/macro";
import { Link, useLocation } from "@tanstack/react-router";
import { LogIn } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { cx } from "@/shared/lib/class-names";
import { useSignedIn } from "@/shared/lib/session";
import { buttonClasses } from "@/shared/ui/button";
import { Mark } from "@/shared/ui/logo";
import { patient } from "@/shared/ui/patient";
import { Skeleton } from "@/shared/ui/progress";
import { SearchBox } from "./search-box";

const AccountMenu = lazy(patient(() => import("./account-menu").then((module) => ({ default: module.AccountMenu }))));

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
