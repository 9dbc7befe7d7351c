import { Plural, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import type { BulkPreview, BulkProblem } from "@/shared/api/types";
import type { Chosen } from "@/shared/lib/chosen";
import { codeText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Changes } from "./changes";
import { useFieldNames } from "./field-names";

/** So many are drawn at first: the rest is more of the same. */
const FIRST = 20;

const nameIn = (items: readonly Chosen[], id: string): string => items.find((item) => item.id === id)?.name ?? id;

type DifferencesProps = { differences: BulkPreview["differences"]; items: readonly Chosen[] };

/** Item by item, field by field what would change. */
export function Differences({ differences, items }: DifferencesProps) {
  const { t } = useLingui();
  const [all, setAll] = useState(false);
  const same = items.length - differences.length;
  const shown = all ? differences : differences.slice(0, FIRST);
  const rest = differences.length - shown.length;
  return (
    <>
      <p role="status" className="text-muted">
        <Plural value={differences.length} _0="None would change." one="# would change." other="# would change." />{" "}
        {same > 0 && differences.length > 0 ? (
          <Plural value={same} one="# stays as it is." other="# stay as they are." />
        ) : null}
      </p>
      {shown.length > 0 ? (
        <ul aria-label={t`What would change`} className="flex flex-col gap-4">
          {shown.map(({ id, before, after }) => (
            <li key={id} className="flex flex-col gap-2 border-t border-line pt-4">
              <h3 className="font-semibold" dir="auto">
                {nameIn(items, id)}
              </h3>
              <Changes before={before} after={after} />
            </li>
          ))}
        </ul>
      ) : null}
      {rest > 0 ? (
        <Button size="sm" className="self-start" onPress={() => setAll(true)}>
          <Plural value={rest} one="Show # more" other="Show # more" />
        </Button>
      ) : null}
    </>
  );
}

/** Why nothing is changed, item by item. */
export function Problems({ problems, items }: { problems: readonly BulkProblem[]; items: readonly Chosen[] }) {
  const { t } = useLingui();
  const nameOf = useFieldNames();
  const field = (pointer: string): string => nameOf(pointer.split("/")[1] ?? "");
  return (
    <div role="alert" className="flex flex-col gap-3 rounded-lg bg-danger-soft px-5 py-4">
      <p className="font-semibold text-danger">{t`This does not fit all of them, so nothing is changed.`}</p>
      <ul className="flex flex-col gap-2 text-sm">
        {problems.map(({ id, code, detail, errors }) => (
          <li key={id}>
            <bdi className="font-semibold">{nameIn(items, id)}</bdi>
            {": "}
            {errors.length > 0
              ? errors.map((error) => `${field(error.pointer)}: ${error.detail}`).join(" ")
              : (codeText(code) ?? detail)}
          </li>
        ))}
      </ul>
    </div>
  );
}
