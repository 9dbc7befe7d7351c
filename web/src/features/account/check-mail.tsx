import { Trans, useLingui } from "@lingui/react/macro";
import { MailCheck } from "lucide-react";
import { Button } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";

/** A letter is on its way, and how it goes on stands in it. `email` is null where another service told the address. */
export function CheckMail({ email, onBack }: { email: string | null; onBack: () => void }) {
  const { t } = useLingui();
  return (
    <div role="status" className="pt-8 sm:pt-16">
      <EmptyState
        heading="h1"
        icon={<MailCheck />}
        title={t`Look into your mail`}
        actions={<Button onPress={onBack}>{t`Use another address`}</Button>}
      >
        <p>
          {email === null ? (
            <Trans>
              A letter is on its way to the address that the other service told us. Open the link in it to go on; it may
              take a minute, and it may have landed in the spam.
            </Trans>
          ) : (
            <Trans>
              If <bdi className="font-semibold text-ink">{email}</bdi> is right, a letter is on its way. Open the link
              in it to go on; it may take a minute, and it may have landed in the spam.
            </Trans>
          )}
        </p>
      </EmptyState>
    </div>
  );
}
