import { useLingui } from "@lingui/react/macro";
import { cx } from "@/shared/lib/class-names";
import { clockTime, count } from "@/shared/lib/format";
import { Cover } from "@/shared/ui/cover";
import { compared, nameOf, type Thing } from "@/features/studio/keeping/model/merge";
import { useFieldNames } from "./field-names";
import { Value } from "./value";

type ComparisonProps = { things: readonly Thing[]; into: string; onChoose: (id: string) => void };

const picture = (thing: Thing) => (thing.kind === "artist" ? thing.image : thing.cover);

/** Side by side, what each is; one of them is chosen to stay. */
export function Comparison({ things, into, onChoose }: ComparisonProps) {
  const { t } = useLingui();
  const names = useNames();
  return (
    <div
      className="overflow-x-auto rounded-lg border border-line bg-raised"
      tabIndex={0}
      role="region"
      aria-label={t`Side by side`}
    >
      <table className="w-full border-collapse text-start text-sm">
        <thead>
          <tr>
            <td className="p-4" />
            {things.map((thing) => {
              const name = nameOf(thing);
              return (
                <th
                  key={thing.id}
                  scope="col"
                  className={cx("min-w-44 p-4 align-top", thing.id === into && "bg-accent-soft")}
                >
                  <label className="flex cursor-pointer flex-col items-start gap-3 text-start">
                    <Cover
                      image={picture(thing)}
                      alt=""
                      seed={thing.id}
                      sizes="80px"
                      shape={thing.kind === "artist" ? "round" : "square"}
                      className="size-20"
                    />
                    <bdi className="text-base font-semibold">{name}</bdi>
                    <span className="flex min-h-11 items-center gap-2 font-semibold">
                      <input
                        type="radio"
                        name="into"
                        checked={thing.id === into}
                        onChange={() => onChoose(thing.id)}
                        aria-label={t`Stays: ${name}`}
                        className="size-5 accent-(--accent)"
                      />
                      {thing.id === into ? t`Stays` : t`Goes`}
                    </span>
                  </label>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {compared(things).map(({ field, values, differs }) => (
            <tr key={field} className="border-t border-line">
              <th scope="row" className="p-4 text-start align-top font-normal text-muted">
                {names(field)}
              </th>
              {values.map((value, index) => (
                <td
                  key={things[index]?.id}
                  className={cx(
                    "max-w-72 p-4 align-top break-words",
                    differs && "font-semibold",
                    things[index]?.id === into && "bg-accent-soft",
                  )}
                >
                  <Fact field={field} value={value} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function useNames(): (field: string) => string {
  const { t } = useLingui();
  const nameOf = useFieldNames();
  const more: Record<string, string> = {
    albums: t`Albums`,
    tracks: t`Tracks`,
    plays: t`Plays`,
    duration: t`Length`,
    published: t`Public`,
  };
  return (field) => more[field] ?? nameOf(field);
}

function Fact({ field, value }: { field: string; value: unknown }) {
  if (field === "duration") return <>{typeof value === "number" ? clockTime(value) : "–"}</>;
  if (typeof value === "number" && ["albums", "tracks", "plays"].includes(field)) return <>{count(value)}</>;
  return <Value field={field} value={value} />;
}
