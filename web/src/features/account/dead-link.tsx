import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { buttonClasses } from "@/shared/ui/button";
import { AuthCard } from "./auth-card";

/** A letter's link that leads nowhere; `again` offers to ask for another letter. */
export function DeadLink({ again = false }: { again?: boolean }) {
  const { t } = useLingui();
  return (
    <AuthCard
      title={t`This link does not work`}
      intro={t`It was used before, is too old, or is not complete. Each link works once, and only the newest does.`}
    >
      <div className="flex flex-wrap gap-3">
        {again ? (
          <Link to="/forgot-password" className={buttonClasses("primary", "lg")}>
            {t`Ask for a new one`}
          </Link>
        ) : null}
        <Link to="/sign-in" search={{}} className={buttonClasses(again ? "secondary" : "primary", "lg")}>
          {t`Sign in`}
        </Link>
      </div>
    </AuthCard>
  );
}
