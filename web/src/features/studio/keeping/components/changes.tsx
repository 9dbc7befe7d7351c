import { useLingui } from "@lingui/react/macro";
import { ArrowRight } from "lucide-react";
import { changesOf } from "@/features/studio/keeping/model/changes";
import { useFieldNames } from "./field-names";
import { Value } from "./value";

type ChangesProps = { before: Record<string, unknown>; after: Record<string, unknown> };

/** Field by field what it was, and what it is then. */
export function Changes(props: ChangesProps) {
  const { t } = useLingui();
  const nameOf = useFieldNames();
  return (
    <dl className="grid gap-x-6 gap-y-3 sm:grid-cols-[12rem_minmax(0,1fr)]">
      {changesOf(props.before, props.after).map(({ field, before, after }) => (
        <div key={field} className="contents">
          <dt className="text-sm text-muted">{nameOf(field)}</dt>
          <dd className="flex min-w-0 flex-wrap items-baseline gap-x-3 gap-y-1 break-words max-sm:-mt-2">
            <span className="sr-only">{t`before:`}</span>
            <del className="min-w-0 text-muted">
              <Value field={field} value={before} />
            </del>
            <ArrowRight aria-hidden className="flip-rtl size-4 shrink-0 self-center text-faint" />
            <span className="sr-only">{t`after:`}</span>
            <ins className="min-w-0 font-semibold no-underline">
              <Value field={field} value={after} />
            </ins>
          </dd>
        </div>
      ))}
    </dl>
  );
}
