import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { CopyField } from "@/shared/ui/copy-field";
import { Section } from "@/shared/ui/section";

/** The other way round: players elsewhere tell this server, as they would tell ListenBrainz. */
export function AppsThatTell() {
  const { t } = useLingui();
  const { origin } = window.location;
  return (
    <Section
      id="apps"
      title={t`Apps that tell this server`}
      intro={t`Any player that submits to ListenBrainz can submit here, if it lets you change the address.`}
    >
      <CopyField label={t`Address, also called API root`} value={origin} />
      <CopyField label={t`Where apps ask for the whole address`} value={`${origin}/1/submit-listens`} />
      <p className="text-sm">
        <Trans>
          The token is an API key with the scope “Listen”:{" "}
          <Link to="/settings/security" hash="api-keys" className="font-semibold text-accent-text underline">
            make one on the page Security
          </Link>
          . There you can take it back at any time.
        </Trans>
      </p>
      <p className="text-sm text-muted">
        {t`Tracks are found by their ISRC, or by their names and length; what is not here is passed over. A play that is told twice counts once.`}
      </p>
    </Section>
  );
}
