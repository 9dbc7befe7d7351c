import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { Compass } from "lucide-react";
import { buttonClasses } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { useTitle } from "@/shared/lib/title";

export function NotFoundPage() {
  const { t } = useLingui();
  useTitle(t`Page not found`);
  return (
    <EmptyState
      heading="h1"
      icon={<Compass />}
      title={t`Nothing sounds here`}
      actions={
        <>
          <Link to="/" className={buttonClasses("primary")}>
            {t`Go home`}
          </Link>
          <Link to="/search" className={buttonClasses("secondary")}>
            {t`Search`}
          </Link>
        </>
      }
    >
      {t`The address is mistyped, or what stood here has been taken down.`}
    </EmptyState>
  );
}
