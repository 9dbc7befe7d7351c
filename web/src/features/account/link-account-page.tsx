import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useTitle } from "@/shared/lib/title";
import { buttonClasses } from "@/shared/ui/button";
import { AuthCard } from "./auth-card";

/** Where a sign-in elsewhere arrives whose e-mail address has an account here already: both must be proven. */
export function LinkAccountPage() {
  const { t } = useLingui();
  useTitle(t`Connect your account`);
  return (
    <AuthCard
      title={t`Connect your account`}
      intro={t`There is an account with your email address already. Sign in to it, then connect the two under Security.`}
    >
      <Link to="/sign-in" search={{ next: "/settings/security" }} className={buttonClasses("primary", "lg")}>
        {t`Sign in`}
      </Link>
    </AuthCard>
  );
}
