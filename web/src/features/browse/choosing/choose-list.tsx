import { Check } from "lucide-react";
import { useEffect } from "react";
import { Checkbox } from "react-aria-components/Checkbox";
import { GridList, GridListItem, GridListLoadMoreItem } from "react-aria-components/GridList";
import { ListLayout, Virtualizer } from "react-aria-components/Virtualizer";
import { type Chosen, type ChosenKind, beginChoosing, chooseAmong, useChosen } from "@/shared/lib/chosen";
import type { Pages } from "@/shared/ui/show-more";

export type ChooseListProps = {
  label: string;
  kind: ChosenKind;
  items: readonly Chosen[];
  /** The rest of an endless list. */
  more?: Pages;
};

const ROW = 56;

/** Rows to choose from: by click, shift and click, arrows with shift, and Ctrl+A. Only what is in view is drawn. */
export function ChooseList({ label, kind, items, more }: ChooseListProps) {
  const chosen = useChosen((state) => (state.kind === kind ? state.items : null));
  useEffect(() => beginChoosing(kind), [kind]);
  const here = new Set(items.map((one) => one.id));
  const selected = new Set((chosen ?? []).map((one) => one.id).filter((id) => here.has(id)));
  return (
    <Virtualizer layout={ListLayout} layoutOptions={{ rowSize: ROW }}>
      <GridList
        aria-label={label}
        selectionMode="multiple"
        selectedKeys={selected}
        onSelectionChange={(keys) =>
          chooseAmong(items, keys === "all" ? here : new Set([...keys].map((key) => String(key))))
        }
        style={{ height: `min(60dvh, ${items.length * ROW + 2}px)` }}
        className="overflow-auto rounded-lg border border-line bg-raised"
      >
        {items.map((item) => (
          <GridListItem
            key={item.id}
            id={item.id}
            textValue={item.name}
            className="flex h-14 cursor-pointer items-center gap-4 border-b border-line px-4 outline-offset-[-3px] select-none data-[hovered]:bg-hover data-[selected]:bg-accent-soft"
          >
            <Mark />
            <span className="flex min-w-0 flex-1 flex-col">
              <span className="truncate font-semibold" dir="auto">
                {item.name}
              </span>
              <span className="truncate text-sm text-muted" dir="auto">
                {item.detail}
              </span>
            </span>
          </GridListItem>
        ))}
        {more?.hasNextPage ? (
          <GridListLoadMoreItem isLoading={more.isFetchingNextPage} onLoadMore={() => void more.fetchNextPage()} />
        ) : null}
      </GridList>
    </Virtualizer>
  );
}

function Mark() {
  return (
    <Checkbox
      slot="selection"
      className="group grid size-5 shrink-0 place-items-center rounded-sm border-2 border-line-strong data-[selected]:border-accent data-[selected]:bg-accent"
    >
      <Check aria-hidden className="hidden size-4 text-accent-ink group-data-[selected]:block" />
    </Checkbox>
  );
}
