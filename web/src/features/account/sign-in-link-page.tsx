import { useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { useTitle } from "@/shared/lib/title";
import { buttonClasses } from "@/shared/ui/button";
import { Spinner } from "@/shared/ui/progress";
import { AuthCard, FormError } from "./auth-card";
import { refusalText } from "./refusal";
import { useSignInLink } from "./use-auth";

export function SignInLinkPage() {
  const { t } = useLingui();
  const link = useSignInLink();
  const used = useRef(false);
  const [missing, setMissing] = useState(false);
  useTitle(t`Sign in`);
  const { mutate } = link;

  useEffect(() => {
    // A link works once: the strict mode of development must not spend it twice.
    if (used.current) return;
    used.current = true;
    const token = window.location.hash.slice(1);
    // The token must not stay in the address bar or in the history.
    window.history.replaceState(window.history.state, "", window.location.pathname);
    if (token) mutate(token);
    else setMissing(true);
  }, [mutate]);

  const failed = missing || refusalText(link.error) !== null;
  return (
    <AuthCard title={failed ? t`This link does not work` : t`Signing you in`}>
      {failed ? (
        <>
          <FormError>
            {missing
              ? t`The address is not complete. Open the whole link as it was given to you.`
              : refusalText(link.error)}
          </FormError>
          <Link to="/sign-in" search={{}} className={buttonClasses("primary", "lg")}>
            {t`Sign in with a password`}
          </Link>
        </>
      ) : (
        <p role="status" className="flex items-center gap-3 text-muted">
          <Spinner />
          {t`One moment.`}
        </p>
      )}
    </AuthCard>
  );
}
