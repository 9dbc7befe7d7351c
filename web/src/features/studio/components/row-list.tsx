import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import type { ReactNode } from "react";
import { Button, IconButton } from "@/shared/ui/button";

type RowListProps<T> = {
  rows: readonly T[];
  onChange: (rows: T[]) => void;
  /** The fields of one row. `number` counts from one, for labels. */
  render: (row: T, change: (part: Partial<T>) => void, number: number) => ReactNode;
  addLabel: string;
  /** A new row; left out where rows are added in another way. */
  empty?: () => T;
  removeLabel: (number: number) => string;
  /** Given where the order of the rows means something. */
  moveLabels?: { up: (number: number) => string; down: (number: number) => string };
  least?: number;
};

/** A list of small forms: each can be changed, moved where order counts, and removed. */
export function RowList<T>(props: RowListProps<T>) {
  const { rows, onChange, render, addLabel, empty, removeLabel, moveLabels, least = 0 } = props;
  const move = (from: number, to: number): void => {
    const row = rows[from];
    if (row === undefined || to < 0 || to >= rows.length) return;
    const rest = rows.filter((_, index) => index !== from);
    onChange([...rest.slice(0, to), row, ...rest.slice(to)]);
  };
  return (
    <div className="flex flex-col gap-3">
      {rows.length > 0 ? (
        <ul className="flex flex-col gap-4">
          {rows.map((row, index) => (
            <li key={index} className="flex items-end gap-1">
              <div className="min-w-0 flex-1">
                {render(
                  row,
                  (part) => onChange(rows.map((other, at) => (at === index ? { ...other, ...part } : other))),
                  index + 1,
                )}
              </div>
              {moveLabels && rows.length > 1 ? (
                <>
                  <IconButton
                    label={moveLabels.up(index + 1)}
                    isDisabled={index === 0}
                    onPress={() => move(index, index - 1)}
                  >
                    <ArrowUp aria-hidden className="size-5" />
                  </IconButton>
                  <IconButton
                    label={moveLabels.down(index + 1)}
                    isDisabled={index === rows.length - 1}
                    onPress={() => move(index, index + 1)}
                  >
                    <ArrowDown aria-hidden className="size-5" />
                  </IconButton>
                </>
              ) : null}
              <IconButton
                label={removeLabel(index + 1)}
                isDisabled={rows.length <= least}
                onPress={() => onChange(rows.filter((_, at) => at !== index))}
              >
                <Trash2 aria-hidden className="size-5" />
              </IconButton>
            </li>
          ))}
        </ul>
      ) : null}
      {empty ? (
        <Button size="sm" className="self-start" onPress={() => onChange([...rows, empty()])}>
          <Plus aria-hidden className="size-4" />
          {addLabel}
        </Button>
      ) : null}
    </div>
  );
}
