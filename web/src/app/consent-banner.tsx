import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { consentsQuery, useAnswer, useConsentWords } from "@/shared/api/consents";
import { Button } from "@/shared/ui/button";

/** Asks for what must be answered, one thing after the other; where nothing must, there is nothing. */
export function ConsentBanner() {
  const { t } = useLingui();
  const words = useConsentWords();
  const answer = useAnswer();
  const { data: consents } = useQuery(consentsQuery);
  const one = consents?.purposes.find(({ purpose }) => consents.needed.includes(purpose));
  if (!one) return null;
  const say = (granted: boolean) => () => answer.mutate({ purpose: one.purpose, version: one.version, granted });
  return (
    <section
      aria-label={t`A question to you`}
      className="flex flex-wrap items-center justify-between gap-4 border-b border-line bg-raised px-4 py-3 sm:px-8"
    >
      <p className="flex min-w-0 flex-col">
        <span className="font-semibold">{words.title(one)}</span>
        <span className="text-sm text-muted">{words.help(one)}</span>
      </p>
      <div className="flex gap-3">
        {one.agreement ? null : (
          <Button size="sm" isDisabled={answer.isPending} onPress={say(false)}>
            {t`No`}
          </Button>
        )}
        <Button size="sm" variant="primary" isDisabled={answer.isPending} onPress={say(true)}>
          {one.agreement ? t`Agree` : t`Yes`}
        </Button>
      </div>
    </section>
  );
}
