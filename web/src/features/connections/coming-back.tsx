import { useLingui } from "@lingui/react/macro";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { errorText } from "@/shared/lib/error-text";
import { Spinner } from "@/shared/ui/progress";
import { cameBackFrom, useConnect } from "./queries";

/** Finishes what was begun at a service that people come back from with a token, and says how it went. */
export function ComingBack() {
  const { t } = useLingui();
  const { service, token } = useSearch({ from: "/settings/connections" });
  const navigate = useNavigate();
  const { mutate, isPending, isSuccess, error } = useConnect();
  const [strange, setStrange] = useState(false);
  const seen = useRef<string>(undefined);
  useEffect(() => {
    if (!service || !token || seen.current === token) return;
    seen.current = token;
    const ours = cameBackFrom(service);
    setStrange(!ours);
    if (ours) mutate({ service, token });
    // The token is not left lying in the address.
    void navigate({ to: "/settings/connections", replace: true });
  }, [service, token, mutate, navigate]);
  const wrong = strange
    ? t`This was not begun in this tab, so nothing was connected. Begin it below.`
    : error
      ? errorText(error)
      : null;
  return (
    <>
      <p role="status" className="flex items-center gap-3 text-sm font-medium not-empty:pb-6">
        {isPending ? <Spinner /> : null}
        {isPending ? t`Connecting…` : isSuccess ? t`Connected. What you hear from now on is told.` : null}
      </p>
      {wrong ? (
        <p role="alert" className="mb-6 rounded-md bg-danger-soft px-4 py-3 text-sm font-medium text-danger">
          {wrong}
        </p>
      ) : null}
    </>
  );
}
