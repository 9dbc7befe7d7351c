import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { api } from "@/shared/api/client";
import { errorText } from "@/shared/lib/error-text";
import { longDate } from "@/shared/lib/format";
import { useTitle } from "@/shared/lib/title";
import { Button, buttonClasses } from "@/shared/ui/button";

function Plain({ title, children }: { title: string; children: ReactNode }) {
  useTitle(title);
  return (
    <div className="mx-auto flex w-full max-w-xl flex-col items-start gap-6 px-4 py-16 sm:px-8">
      <h1 className="display text-2xl">{title}</h1>
      {children}
    </div>
  );
}

/** What somebody sees who has just closed their account. */
export function DeletionPage() {
  const { t } = useLingui();
  const { until } = useSearch({ from: "/deletion" });
  const day = until ? longDate(until) : "";
  return (
    <Plain title={t`Your account is closed`}>
      <p className="text-muted">
        {day
          ? t`You are signed out everywhere. On ${day} everything is erased. Until then you can have it back.`
          : t`You are signed out everywhere. After a while everything is erased. Until then you can have it back.`}
      </p>
      <p className="text-muted">{t`Follow the link in the letter that we sent you, or sign in again.`}</p>
      <Link to="/" className={buttonClasses("primary")}>
        {t`To the music`}
      </Link>
    </Plain>
  );
}

/** The token of the letter, or the ticket of a sign-in; taken out of the address at once. */
function useToken(): string | null {
  const [token] = useState(() => new URLSearchParams(window.location.hash.slice(1)).get("cancel_deletion"));
  useEffect(() => window.history.replaceState(window.history.state, "", window.location.pathname), []);
  return token;
}

export function CancelDeletionPage() {
  const { t } = useLingui();
  const token = useToken();
  const cancel = useMutation({
    mutationFn: async () => {
      await api.POST("/api/v1/auth/deletion/cancel", { body: { token: token ?? "" } });
    },
  });
  if (cancel.isSuccess)
    return (
      <Plain title={t`Good that you stay`}>
        <p role="status" className="text-muted">{t`Everything is as it was. Sign in to go on.`}</p>
        <Link to="/sign-in" search={{}} className={buttonClasses("primary")}>
          {t`Sign in`}
        </Link>
      </Plain>
    );
  const failed = token === null || cancel.isError;
  return (
    <Plain title={t`Keep your account?`}>
      {failed ? (
        <p role="alert" className="text-danger">
          {cancel.error
            ? errorText(cancel.error)
            : t`The address is not complete. Open the whole link from the letter.`}
        </p>
      ) : (
        <p className="text-muted">{t`Your account is about to be erased. You can have everything back as it was.`}</p>
      )}
      {failed ? (
        <Link to="/sign-in" search={{}} className={buttonClasses("primary")}>
          {t`Sign in`}
        </Link>
      ) : (
        <div className="flex flex-wrap gap-3">
          <Button variant="primary" isPending={cancel.isPending} onPress={() => cancel.mutate()}>
            {t`Keep my account`}
          </Button>
          <Link to="/" className={buttonClasses("secondary")}>
            {t`Let it be erased`}
          </Link>
        </div>
      )}
    </Plain>
  );
}
