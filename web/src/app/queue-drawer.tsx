import { useLingui } from "@lingui/react/macro";
import { FolderPlus, GripVertical, ListMusic, Play, Trash2, X } from "lucide-react";
import { useEffect, useLayoutEffect, useRef } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { GridList, GridListItem } from "react-aria-components/GridList";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components/Modal";
import { DropIndicator, useDragAndDrop } from "react-aria-components/useDragAndDrop";
import { ListLayout, Virtualizer } from "react-aria-components/Virtualizer";
import { player, type QueueItem, queueItemsFromFiles, usePlayer } from "@/player";
import { cx } from "@/shared/lib/class-names";
import { clockTime } from "@/shared/lib/format";
import { Button, IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";

/** Pixels. Only what is seen is drawn, so that ten thousand entries open as fast as ten. */
const ROW = 60;
const ROWS = { rowSize: ROW };
/** Rows shown above the one that plays when the drawer opens. */
const BEFORE = 2;

function Row({ item, index, current }: { item: QueueItem; index: number; current: boolean }) {
  const { t } = useLingui();
  const unknown = item.facts === "unknown";
  const title = item.facts === "none" ? t`Not available` : unknown ? t`Loading…` : item.title;
  useEffect(() => {
    if (unknown) player.lookAt(index);
  }, [unknown, index]);
  return (
    <>
      <AriaButton
        slot="drag"
        aria-label={t`Move ${title}`}
        className="grid h-11 w-6 shrink-0 cursor-grab place-items-center rounded-sm text-faint"
      >
        <GripVertical aria-hidden className="size-5" />
      </AriaButton>
      <AriaButton
        onPress={() => player.jump(index)}
        aria-label={t`Play ${title}`}
        className="group/cover relative size-11 shrink-0 rounded-sm"
      >
        <Cover
          image={item.cover}
          alt=""
          seed={item.album?.id ?? item.trackId}
          sizes="44px"
          className="size-11 rounded-sm"
        />
        <span className="absolute inset-0 grid place-items-center rounded-sm bg-shade opacity-0 group-hover/cover:opacity-100 group-focus-visible/cover:opacity-100">
          <Play aria-hidden fill="currentColor" className="flip-rtl size-5" />
        </span>
      </AriaButton>
      <span className="min-w-0 flex-1">
        <span
          className={cx(
            "block truncate text-sm",
            item.facts ? "text-faint" : "font-semibold",
            current && "text-accent-text",
          )}
          dir="auto"
        >
          {title}
        </span>
        <span className="block truncate text-sm text-muted" dir="auto">
          {item.artist.name}
        </span>
      </span>
      {current ? <span className="sr-only">{t`Playing now`}</span> : null}
      {item.durationMs === null ? null : (
        <span className="numbers text-sm text-muted">{clockTime(item.durationMs)}</span>
      )}
      <IconButton label={t`Remove ${title} from the queue`} onPress={() => player.remove(item.key)}>
        <Trash2 aria-hidden className="size-5" />
      </IconButton>
    </>
  );
}

/** Rows are dragged by their handle: with a pointer, a finger, or Enter and the arrow keys. */
function Rows({ queue, index }: { queue: QueueItem[]; index: number }) {
  const { t } = useLingui();
  const list = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    list.current?.scrollTo({ top: Math.max(0, (index - BEFORE) * ROW) });
    // Where it stands when the drawer opens; later the list stays where the person has it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ "text/plain": queue.find((item) => item.key === key)?.title ?? "" })),
    onReorder: ({ keys, target }) => {
      const [key] = [...keys].map(String);
      if (key === undefined || target.key === key) return;
      const rest = queue.filter((item) => item.key !== key);
      const at = rest.findIndex((item) => item.key === target.key);
      player.move(key, target.dropPosition === "before" ? at : at + 1);
    },
    renderDropIndicator: (target) => (
      <DropIndicator target={target} className="h-0.5 rounded-full data-[drop-target]:bg-accent" />
    ),
  });
  return (
    <Virtualizer layout={ListLayout} layoutOptions={ROWS}>
      <GridList
        ref={list}
        aria-label={t`Queue`}
        items={queue.map((item, place) => ({ id: item.key, item, place }))}
        dependencies={[index]}
        dragAndDropHooks={dragAndDropHooks}
        keyboardNavigationBehavior="tab"
        className="block h-full overflow-y-auto outline-none"
      >
        {({ item, place }) => (
          <GridListItem
            id={item.key}
            textValue={item.title}
            className={cx(
              "flex h-full items-center gap-2 rounded-md px-2 data-[dragging]:opacity-50",
              place === index ? "bg-accent-soft" : "hover:bg-hover",
            )}
          >
            <Row item={item} index={place} current={place === index} />
          </GridListItem>
        )}
      </GridList>
    </Virtualizer>
  );
}

export function QueueDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const queue = usePlayer((state) => state.queue);
  const index = usePlayer((state) => state.index);
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className="fixed inset-0 z-50 flex justify-end bg-shade"
    >
      <Modal className="h-full w-full max-w-md border-s border-line bg-overlay shadow-lift outline-none">
        <Dialog className="flex h-full flex-col outline-none">
          <div className="flex items-center justify-between gap-2 p-4 ps-6">
            <Heading slot="title" className="display text-xl">
              {t`Queue`}
            </Heading>
            <div className="flex items-center gap-1">
              <FileTrigger
                acceptedFileTypes={["audio/*"]}
                allowsMultiple
                onSelect={(files) => player.enqueue(queueItemsFromFiles([...(files ?? [])]))}
              >
                <IconButton label={t`Add files of this device; they are not uploaded`}>
                  <FolderPlus aria-hidden className="size-5" />
                </IconButton>
              </FileTrigger>
              {queue.length > 0 ? (
                <Button size="sm" variant="ghost" onPress={player.clear}>
                  {t`Clear`}
                </Button>
              ) : null}
              <IconButton label={t`Close`} onPress={onClose}>
                <X aria-hidden className="size-5" />
              </IconButton>
            </div>
          </div>
          {queue.length === 0 ? (
            <EmptyState icon={<ListMusic />} title={t`The queue is empty`}>
              {t`Play an album, or add tracks from their menus.`}
            </EmptyState>
          ) : (
            <div className="min-h-0 flex-1 px-3">
              <Rows queue={queue} index={index} />
            </div>
          )}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
