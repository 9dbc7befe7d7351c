import { useLingui } from "@lingui/react/macro";
import { Navigate, useParams } from "@tanstack/react-router";
import { SearchX } from "lucide-react";
import { EmptyState } from "@/shared/ui/empty-state";
import { useMe } from "@/shared/api/me";
import { sections, sectionsFor } from "./sections";

/** The page that the address names; whoever may not work there is led to where they may. */
export function AdminSectionPage() {
  const { t } = useLingui();
  const { section: wanted } = useParams({ from: "/admin/$section" });
  const own = sectionsFor(useMe()?.roles ?? []);
  const section = sections.find((one) => one.id === wanted);
  const first = own[0];
  if (section && own.includes(section)) return <section.Component />;
  if (section && first) return <Navigate to="/admin/$section" params={{ section: first.id }} replace />;
  return (
    <EmptyState heading="h1" icon={<SearchX />} title={t`There is no such page`}>
      {t`Choose another one from the menu.`}
    </EmptyState>
  );
}
