import { useLingui } from "@lingui/react/macro";
import { Link, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTitle } from "@/shared/lib/title";
import { Button, buttonClasses } from "@/shared/ui/button";
import { AuthCard } from "./auth-card";
import { secondFactors } from "./second-factors";
import { takeTicketFromAddress, type Ticket, useTicket } from "./ticket";

export function SecondFactorPage() {
  const { t } = useLingui();
  const { next } = useSearch({ from: "/sign-in/second-factor" });
  const held = useTicket();
  useTitle(t`Sign in`);
  useEffect(takeTicketFromAddress, []);
  if (held) return <Proof held={held} />;
  return (
    <AuthCard title={t`Sign in again`} intro={t`This step follows the password, and its time has run out.`}>
      <Link to="/sign-in" search={{ next }} className={buttonClasses("primary", "lg")}>
        {t`Sign in`}
      </Link>
    </AuthCard>
  );
}

function Proof({ held }: { held: Ticket }) {
  const { t, i18n } = useLingui();
  const possible = secondFactors.filter((factor) => held.methods.includes(factor.method));
  const [chosen, choose] = useState(possible[0]?.method);
  const factor = possible.find((one) => one.method === chosen);
  const others = possible.filter((one) => one.method !== chosen);
  return (
    <AuthCard
      title={t`One more step`}
      intro={t`Your account is protected by a second factor.`}
      footer={
        <Link to="/sign-in" search={{ next: held.next }} className="font-semibold text-accent-text underline">
          {t`Back to sign-in`}
        </Link>
      }
    >
      {factor ? <factor.Component key={factor.method} ticket={held.ticket} next={held.next} /> : null}
      {others.length > 0 ? (
        <div className="flex flex-col items-start gap-2">
          <h2 className="text-sm font-semibold text-muted">{t`Another way`}</h2>
          {others.map((one) => (
            <Button key={one.method} variant="ghost" onPress={() => choose(one.method)} className="-ms-5">
              {i18n._(one.label)}
            </Button>
          ))}
        </div>
      ) : null}
    </AuthCard>
  );
}
