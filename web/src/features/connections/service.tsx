import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { Scrobbler } from "@/shared/api/types";
import { Section } from "@/shared/ui/section";
import { ConnectForm } from "./connect-form";
import { Connection } from "./connection";

/** What an operator sets so that a service is offered. */
const SETTINGS: Record<string, readonly string[]> = {
  listenbrainz: ["ANTIPHON_LISTENBRAINZ_URL"],
  lastfm: ["ANTIPHON_LASTFM_KEY", "ANTIPHON_LASTFM_SECRET"],
};

/** One service: how to connect it, or how it goes. */
export function Service({ service }: { service: Scrobbler }) {
  const { t } = useLingui();
  const about: Record<string, string> = {
    listenbrainz: t`An open record of what people listen to, kept by a foundation.`,
    lastfm: t`Keeps what you hear in your profile there.`,
  };
  const [ended, end] = useState(false);
  const connected = service.state !== "off";
  return (
    <Section id={service.id} title={service.name} intro={about[service.id]}>
      {connected ? <Connection service={service} onEnd={() => end(true)} /> : null}
      {service.offered ? null : <NotOffered service={service} />}
      {service.offered && (!connected || service.state === "refused") ? (
        <ConnectForm service={service} focus={ended} />
      ) : null}
    </Section>
  );
}

function NotOffered({ service }: { service: Scrobbler }) {
  const { t } = useLingui();
  return (
    <div className="flex flex-col gap-2 text-sm text-muted">
      <p className="font-semibold text-ink">{t`Switched off on this server`}</p>
      <p>{t`Whoever runs the server turns it on with these settings, and restarts it:`}</p>
      <ul className="flex flex-col gap-1">
        {SETTINGS[service.id]?.map((name) => (
          <li key={name}>
            <code dir="ltr" className="break-all">
              {name}
            </code>
          </li>
        ))}
      </ul>
    </div>
  );
}
