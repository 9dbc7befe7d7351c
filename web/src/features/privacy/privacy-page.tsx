import { useLingui } from "@lingui/react/macro";
import { Page } from "@/shared/ui/page";
import { sections } from "./sections";

export function PrivacyPage() {
  const { t } = useLingui();
  return (
    <Page
      title={t`Privacy`}
      intro={t`What is kept about you, who sees it, and how you take it with you or have it erased.`}
      back={{ to: "/settings", label: t`Settings` }}
    >
      {sections.map((Section, place) => (
        <Section key={place} />
      ))}
    </Page>
  );
}
