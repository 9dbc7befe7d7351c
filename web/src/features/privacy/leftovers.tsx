import type { Leftover } from "@/shared/api/types";
import { useKinds, useReasons } from "./words";

/** What of an archive is not taken, and why. */
export function Leftovers({ leftovers }: { leftovers: readonly Leftover[] }) {
  const kinds = useKinds();
  const reasons = useReasons();
  return (
    <ul className="flex max-h-72 flex-col gap-2 overflow-auto py-2 text-sm">
      {leftovers.map((one) => (
        <li key={`${one.name} ${one.source}`} className="flex flex-col">
          {one.label ? <bdi className="font-semibold">{one.label}</bdi> : null}
          <span>{reasons(one.reason)}</span>
          <span className="text-xs break-all text-muted">
            {kinds(one.name)}
            {one.label ? null : <bdi> · {one.source}</bdi>}
          </span>
        </li>
      ))}
    </ul>
  );
}
