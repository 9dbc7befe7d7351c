import type { ReactElement, ReactNode } from "react";
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from "react-aria-components/Menu";
import { cx } from "@/shared/lib/class-names";
import { itemClasses, overlayClasses } from "./fields";

export type MenuAction = {
  id: string;
  label: string;
  icon?: ReactNode;
  run: () => void;
  disabled?: boolean;
  tone?: "normal" | "danger";
};

/** `trigger` is a Button or IconButton. */
export function Menu({
  label,
  trigger,
  actions,
}: {
  label: string;
  trigger: ReactElement;
  actions: readonly MenuAction[];
}) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className={cx("min-w-56 p-1.5", overlayClasses)}>
        <AriaMenu aria-label={label} className="outline-none">
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
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
