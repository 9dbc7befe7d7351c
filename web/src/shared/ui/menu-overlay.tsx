import type { RefObject } from "react";
import { Menu, MenuItem } from "react-aria-components/Menu";
import { Popover } from "react-aria-components/Popover";
import { cx } from "@/shared/lib/class-names";
import type { MenuAction } from "./menu";
import { itemClasses, overlayClasses } from "./overlay";

type MenuOverlayProps = {
  label: string;
  actions: readonly MenuAction[];
  trigger: RefObject<HTMLButtonElement | null>;
  onClose: () => void;
};

export function MenuOverlay({ label, actions, trigger, onClose }: MenuOverlayProps) {
  return (
    <Popover
      aria-label={label}
      isOpen
      triggerRef={trigger}
      onOpenChange={(open) => !open && onClose()}
      placement="bottom end"
      className={cx("min-w-56 p-1.5", overlayClasses)}
    >
      <Menu aria-label={label} autoFocus="first" onClose={onClose} className="outline-none">
        {actions.map((action) => (
          <MenuItem
            key={action.id}
            id={action.id}
            textValue={action.label}
            isDisabled={action.disabled ?? false}
            onAction={action.run}
            className={cx(itemClasses, action.tone === "danger" && "text-danger")}
          >
            {action.icon ? (
              <span aria-hidden className="[&>svg]:size-5">
                {action.icon}
              </span>
            ) : null}
            {action.label}
          </MenuItem>
        ))}
      </Menu>
    </Popover>
  );
}
