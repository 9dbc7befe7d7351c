import { useLingui } from "@lingui/react/macro";
import { ChevronRight } from "lucide-react";
import { Button } from "react-aria-components/Button";
import { Collection } from "react-aria-components/Collection";
import { Tree, TreeItem, TreeItemContent } from "react-aria-components/Tree";
import type { GenreNode } from "@/shared/api/types";
import { count } from "@/shared/lib/format";
import { placed } from "@/features/studio/keeping/model/genres";

type GenreTreeProps = {
  nodes: readonly GenreNode[];
  /** Whether everything is unfolded, as for what a search found. */
  open: boolean;
  chosen: string | null;
  onChoose: (id: string) => void;
};

/** The tree: up and down to walk, left and right to fold, Enter or a letter to choose. */
export function GenreTree({ nodes, open, chosen, onChoose }: GenreTreeProps) {
  const { t } = useLingui();
  const unfolded = open ? placed(nodes).map((one) => one.genre.id) : nodes.map((node) => node.id);
  return (
    <Tree
      aria-label={t`Tree of genres`}
      items={nodes}
      defaultExpandedKeys={unfolded}
      selectionMode="single"
      selectionBehavior="replace"
      selectedKeys={chosen ? [chosen] : []}
      onSelectionChange={(keys) => {
        const [first] = keys === "all" ? [] : [...keys];
        if (first !== undefined) onChoose(String(first));
      }}
      className="max-h-[70dvh] overflow-auto rounded-lg border border-line bg-raised p-2"
    >
      {(node) => <Branch node={node} />}
    </Tree>
  );
}

function Branch({ node }: { node: GenreNode }) {
  const { t } = useLingui();
  const { id, name, aliases, tracks, children } = node;
  return (
    <TreeItem
      id={id}
      textValue={name}
      className="cursor-pointer rounded-md outline-offset-[-2px] data-[hovered]:bg-hover data-[selected]:bg-accent-soft"
    >
      <TreeItemContent>
        {({ hasChildItems, isExpanded, level }) => (
          <div
            className="flex min-h-11 items-center gap-2 pe-3"
            style={{ paddingInlineStart: `${(level - 1) * 1.25}rem` }}
          >
            {hasChildItems ? (
              <Button
                slot="chevron"
                aria-label={isExpanded ? t`Fold ${name}` : t`Unfold ${name}`}
                className="grid size-9 shrink-0 place-items-center rounded-full text-muted hover:bg-hover"
              >
                <ChevronRight aria-hidden className={isExpanded ? "size-5 rotate-90" : "flip-rtl size-5"} />
              </Button>
            ) : (
              <span className="size-9 shrink-0" />
            )}
            <span className="min-w-0 flex-1 truncate">
              <bdi className="font-semibold">{name}</bdi>
              {aliases.length > 0 ? <bdi className="ps-2 text-sm text-muted">{aliases.join(", ")}</bdi> : null}
            </span>
            <span className="numbers shrink-0 text-sm text-muted">{count(tracks)}</span>
          </div>
        )}
      </TreeItemContent>
      <Collection items={children}>{(child) => <Branch node={child} />}</Collection>
    </TreeItem>
  );
}
