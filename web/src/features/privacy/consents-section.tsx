import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import type { Consent } from "@/shared/api/types";
import { consentsQuery, useAnswer, useConsentWords } from "@/shared/api/consents";
import { longDate } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { Section } from "@/shared/ui/section";
import { Switch } from "@/shared/ui/switch";

/** What this place asks people about; nothing is shown where it asks nothing. */
export function ConsentsSection() {
  const { t } = useLingui();
  const { data: consents } = useQuery(consentsQuery);
  const asked = consents?.purposes.filter((one) => one.asked || one.granted !== null) ?? [];
  if (asked.length === 0) return null;
  return (
    <Section title={t`What you agreed to`} intro={t`You can take back a choice at any time. Every answer is kept.`}>
      {asked.map((one) =>
        one.agreement ? <Agreement key={one.purpose} one={one} /> : <Choice key={one.purpose} one={one} />,
      )}
    </Section>
  );
}

function Choice({ one }: { one: Consent }) {
  const words = useConsentWords();
  const answer = useAnswer();
  return (
    <Switch
      label={words.title(one)}
      help={words.help(one)}
      checked={one.granted ?? false}
      disabled={answer.isPending}
      onChange={(granted) => answer.mutate({ purpose: one.purpose, version: one.version, granted })}
    />
  );
}

function Agreement({ one }: { one: Consent }) {
  const { t } = useLingui();
  const words = useConsentWords();
  const answer = useAnswer();
  const current = one.granted === true && one.answered_version === one.version;
  const day = one.at ? longDate(one.at) : "";
  return (
    <div className="flex flex-wrap items-center justify-between gap-4">
      <span className="flex flex-col gap-0.5">
        <span className="font-semibold">{words.title(one)}</span>
        <span className="text-sm text-muted">{current ? t`You agreed on ${day}.` : t`Waiting for your answer.`}</span>
      </span>
      {current ? null : (
        <Button
          size="sm"
          isPending={answer.isPending}
          onPress={() => answer.mutate({ purpose: one.purpose, version: one.version, granted: true })}
        >
          {t`Agree`}
        </Button>
      )}
    </div>
  );
}
