import { useLingui } from "@lingui/react/macro";
import { FolderPlus, GripVertical, ListMusic, Play, Trash2, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { FileTrigger } from "react-aria-components/FileTrigger";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components/Modal";
import { player, type QueueItem, queueItemsFromFiles, usePlayer } from "@/player";
import { cx } from "@/shared/lib/class-names";
import { clockTime } from "@/shared/lib/format";
import { Button, IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { ROW_PX, SortableList } from "@/shared/ui/sortable-list";

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

function Rows({ queue, index }: { queue: QueueItem[]; index: number }) {
  const { t } = useLingui();
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const top = Math.max(0, (index - BEFORE) * ROW_PX);
    // The list is as high as its rows only after it was measured; until then it cannot be scrolled.
    const place = () => {
      if (list.current && list.current.scrollHeight > top) list.current.scrollTo({ top });
      else frame = requestAnimationFrame(place);
    };
    let frame = requestAnimationFrame(place);
    return () => cancelAnimationFrame(frame);
    // Where it stands when the drawer opens; later the list stays where the person has it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);
  const move = (keys: ReadonlySet<string>, before: string | null) => {
    const [key] = keys;
    const rest = queue.filter((item) => item.key !== key);
    const at = rest.findIndex((item) => item.key === before);
    if (key !== undefined) player.move(key, at < 0 ? rest.length : at);
  };
  return (
    <SortableList
      ref={list}
      label={t`Queue`}
      items={queue.map((item, place) => ({ id: item.key, item, place }))}
      textOf={({ item }) => item.title}
      move={move}
      dependencies={[index]}
      className="h-full overflow-y-auto"
      rowClassName={({ place }) => (place === index ? "bg-accent-soft" : "hover:bg-hover")}
    >
      {({ item, place }) => <Row item={item} index={place} current={place === index} />}
    </SortableList>
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
