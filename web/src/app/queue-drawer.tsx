import { useLingui } from "@lingui/react/macro";
import { ArrowDown, ArrowUp, EllipsisVertical, ListMusic, Trash2, X } from "lucide-react";
import { Dialog, Heading, Modal, ModalOverlay } from "react-aria-components/Modal";
import { player, type QueueItem, usePlayer } from "@/player";
import { cx } from "@/shared/lib/class-names";
import { clockTime } from "@/shared/lib/format";
import { Button, IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { EmptyState } from "@/shared/ui/empty-state";
import { Menu } from "@/shared/ui/menu";

function Row({ item, index, current, last }: { item: QueueItem; index: number; current: boolean; last: boolean }) {
  const { t } = useLingui();
  const title = item.title;
  return (
    <li
      className={cx("flex items-center gap-3 rounded-md p-2", current ? "bg-accent-soft" : "hover:bg-hover")}
      aria-current={current ? "true" : undefined}
      draggable
      onDragStart={(event) => event.dataTransfer.setData("text/x-antiphon-queue", item.key)}
      onDragOver={(event) => event.dataTransfer.types.includes("text/x-antiphon-queue") && event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        player.move(event.dataTransfer.getData("text/x-antiphon-queue"), index);
      }}
    >
      <button
        type="button"
        onClick={() => player.jump(index)}
        className="flex min-h-11 min-w-0 flex-1 items-center gap-3 rounded-sm text-start"
      >
        <span className="sr-only">{t`Play`}</span>
        <Cover
          image={item.cover}
          alt=""
          seed={item.album?.id ?? item.trackId}
          sizes="44px"
          className="size-11 shrink-0 rounded-sm"
        />
        <span className="min-w-0 flex-1">
          <span className={cx("block truncate text-sm font-semibold", current && "text-accent-text")} dir="auto">
            {item.title}
          </span>
          <span className="block truncate text-sm text-muted" dir="auto">
            {item.artist.name}
          </span>
        </span>
      </button>
      {item.durationMs === null ? null : (
        <span className="numbers text-sm text-muted">{clockTime(item.durationMs)}</span>
      )}
      <Menu
        label={t`Actions for ${title}`}
        trigger={
          <IconButton label={t`Actions for ${title}`}>
            <EllipsisVertical aria-hidden className="size-5" />
          </IconButton>
        }
        actions={[
          {
            id: "up",
            label: t`Move up`,
            icon: <ArrowUp />,
            disabled: index === 0,
            run: () => player.move(item.key, index - 1),
          },
          {
            id: "down",
            label: t`Move down`,
            icon: <ArrowDown />,
            disabled: last,
            run: () => player.move(item.key, index + 1),
          },
          { id: "remove", label: t`Remove from the queue`, icon: <Trash2 />, run: () => player.remove(item.key) },
        ]}
      />
    </li>
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
          <div className="flex-1 overflow-y-auto px-3 pb-8">
            {queue.length === 0 ? (
              <EmptyState icon={<ListMusic />} title={t`The queue is empty`}>
                {t`Play an album, or add tracks from their menus.`}
              </EmptyState>
            ) : (
              <ol aria-label={t`Queue`} className="flex flex-col gap-0.5">
                {queue.map((item, position) => (
                  <Row
                    key={item.key}
                    item={item}
                    index={position}
                    current={position === index}
                    last={position === queue.length - 1}
                  />
                ))}
              </ol>
            )}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
