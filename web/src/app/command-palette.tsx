import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useState } from "react";
import { Autocomplete } from "react-aria-components/Autocomplete";
import { Header, Menu, MenuItem, MenuSection } from "react-aria-components/Menu";
import { Dialog, Modal, ModalOverlay } from "react-aria-components/Modal";
import { Input, SearchField } from "react-aria-components/SearchField";
import { cx } from "@/shared/lib/class-names";
import { type Command, useAllCommands } from "@/shared/lib/commands";
import { itemClasses, overlayClasses } from "@/shared/ui/overlay";
import { Keys } from "./keys";

const plain = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

export function CommandPalette({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const commands = useAllCommands().filter((command) => command.id !== "view.palette");
  const [text, setText] = useState("");
  const query = text.trim();

  const matching = commands.filter((command) => plain(command.label).includes(plain(query)));
  const groups = new Map<string, Command[]>();
  for (const command of matching) groups.set(command.group, [...(groups.get(command.group) ?? []), command]);
  if (query) {
    groups.set(t`Music`, [
      {
        id: "search.for",
        label: t`Search for “${query}”`,
        group: t`Music`,
        run: () => void navigate({ to: "/search", search: { q: query } }),
      },
    ]);
  }

  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={(open) => !open && onClose()}
      className="fixed inset-0 z-50 flex justify-center bg-shade px-4 pt-[12dvh]"
    >
      <Modal className={cx("h-fit w-full max-w-xl overflow-hidden", overlayClasses)}>
        <Dialog aria-label={t`Commands`} className="max-h-[70dvh] overflow-y-auto outline-none">
          <Autocomplete inputValue={text} onInputChange={setText} disableVirtualFocus={false}>
            <SearchField
              aria-label={t`What do you want to do?`}
              autoFocus
              className="sticky top-0 z-10 flex items-center gap-3 border-b border-line bg-overlay px-5"
            >
              <Search aria-hidden className="size-5 shrink-0 text-muted" />
              <Input
                placeholder={t`What do you want to do?`}
                className="h-14 w-full bg-transparent text-ink outline-none placeholder:text-faint [&::-webkit-search-cancel-button]:hidden"
              />
            </SearchField>
            <Menu
              aria-label={t`Commands`}
              className="p-2 outline-none"
              renderEmptyState={() => <p className="p-4 text-muted">{t`No command is called that.`}</p>}
              onAction={(id) => {
                const command = [...groups.values()].flat().find((one) => one.id === id);
                onClose();
                // After the dialog has given the focus back, so that a command may move it.
                window.setTimeout(() => command?.run(), 0);
              }}
            >
              {[...groups].map(([group, items]) => (
                <MenuSection key={group} id={group}>
                  <Header className="px-3 pt-3 pb-1 text-xs font-semibold text-faint">{group}</Header>
                  {items.map((command) => (
                    <MenuItem key={command.id} id={command.id} textValue={command.label} className={itemClasses}>
                      <span className="flex-1">{command.label}</span>
                      {command.keys?.[0] ? <Keys keys={command.keys[0]} /> : null}
                    </MenuItem>
                  ))}
                </MenuSection>
              ))}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
