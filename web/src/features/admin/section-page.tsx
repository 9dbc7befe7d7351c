import { useLingui } from "@lingui/react/macro";
import { useParams } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { EmptyState } from "@/shared/ui/empty-state";
import { sections } from "./sections";

/** The page that the address names. */
export function AdminSectionPage() {
  const { t } = useLingui();
  const { section: wanted } = useParams({ from: "/admin/$section" });
  const section = sections.find((one) => one.id === wanted);
  if (section) return <section.Component />;
  return (
    <EmptyState heading="h1" icon={<SearchX />} title={t`There is no such page`}>
      {t`Choose another one from the menu.`}
    </EmptyState>
  );
}
