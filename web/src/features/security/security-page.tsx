import { useLingui } from "@lingui/react/macro";
import { Page } from "@/shared/ui/page";
import { sections } from "./sections";

export function SecurityPage() {
  const { t } = useLingui();
  return (
    <Page
      title={t`Security`}
      intro={t`How you prove that it is you, where you are signed in, and what has been done in your name.`}
      back={{ to: "/settings", label: t`Settings` }}
    >
      {sections.map((Section, place) => (
        <Section key={place} />
      ))}
    </Page>
  );
}
