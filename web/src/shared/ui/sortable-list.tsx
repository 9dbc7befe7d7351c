import type { ReactNode, Ref } from "react";
import { GridList, GridListItem } from "react-aria-components/GridList";
import { DropIndicator, useDragAndDrop } from "react-aria-components/useDragAndDrop";
import { ListLayout, Virtualizer } from "react-aria-components/Virtualizer";
import { cx } from "@/shared/lib/class-names";
import { following } from "@/shared/lib/order";

/** Pixels. Only what is seen is drawn, of however long a list, so every row is as high as the next. */
export const ROW_PX = 60;
const ROWS = { rowSize: ROW_PX };

type Props<T extends { id: string }> = {
  label: string;
  items: readonly T[];
  textOf: (item: T) => string;
  /** Puts what was dragged in front of another one, or at the end; null: the order is not for this person to say. */
  move: ((ids: ReadonlySet<string>, before: string | null) => void) | null;
  /** What rows show besides their item. */
  dependencies: readonly unknown[];
  className?: string;
  rowClassName?: (item: T) => string;
  ref?: Ref<HTMLDivElement>;
  children: (item: T) => ReactNode;
};

/**
 * Rows that are put in order by their handle (a button with the slot `drag`): with a pointer, a finger, or Enter and the
 * arrow keys.
 */
export function SortableList<T extends { id: string }>({
  label,
  items,
  textOf,
  move,
  dependencies,
  className,
  rowClassName,
  ref,
  children,
}: Props<T>) {
  const { dragAndDropHooks } = useDragAndDrop({
    isDisabled: move === null,
    getItems: (keys) => items.filter((item) => keys.has(item.id)).map((item) => ({ "text/plain": textOf(item) })),
    onReorder: ({ keys, target }) => {
      const ids = new Set([...keys].map(String));
      const place = String(target.key);
      const before = target.dropPosition === "before" && !ids.has(place) ? place : following(items, ids, place);
      move?.(ids, before);
    },
    renderDropIndicator: (target) => (
      <DropIndicator target={target} className="h-0.5 rounded-full data-[drop-target]:bg-accent" />
    ),
  });
  return (
    <Virtualizer layout={ListLayout} layoutOptions={ROWS}>
      <GridList
        ref={ref ?? null}
        aria-label={label}
        items={items}
        dependencies={[move === null, ...dependencies]}
        dragAndDropHooks={dragAndDropHooks}
        keyboardNavigationBehavior="tab"
        className={cx("block outline-none", className)}
      >
        {(item) => (
          <GridListItem
            id={item.id}
            textValue={textOf(item)}
            className={cx(
              "group flex h-full items-center gap-2 rounded-md px-2 data-[dragging]:opacity-50",
              rowClassName?.(item) ?? "hover:bg-hover",
            )}
          >
            {children(item)}
          </GridListItem>
        )}
      </GridList>
    </Virtualizer>
  );
}
