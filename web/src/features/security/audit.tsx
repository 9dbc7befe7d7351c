import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useMe } from "@/shared/api/me";
import { AuditList } from "@/shared/audit/audit-list";
import { errorText } from "@/shared/lib/error-text";
import { Section } from "@/shared/ui/section";
import { ShowMore } from "@/shared/ui/show-more";
import { auditQuery } from "./queries";

export function Audit() {
  const { t } = useLingui();
  const me = useMe();
  const audit = useInfiniteQuery(auditQuery);
  const entries = audit.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section
      id="activity"
      title={t`Activity`}
      intro={t`What was done with your account, and from where. Nobody can change this list.`}
    >
      <AuditList entries={entries} label={t`Activity`} {...(me ? { self: me.id } : {})} />
      {audit.isLoadingError ? <p role="alert">{errorText(audit.error)}</p> : null}
      <ShowMore pages={audit} earlier />
    </Section>
  );
}
