import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components/Modal";
import { cx } from "@/shared/lib/class-names";
import { Button, IconButton } from "./button";
import { overlayClasses } from "./overlay";

type DialogProps = {
  open: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** Buttons at the end. */
  actions?: ReactNode;
  size?: "sm" | "md" | "lg";
  role?: "dialog" | "alertdialog";
};

const widths = { sm: "max-w-md", md: "max-w-xl", lg: "max-w-3xl" };

export function Dialog({ open, onClose, title, children, actions, size = "md", role = "dialog" }: DialogProps) {
  const { t } = useLingui();
  return (
    <ModalOverlay
      isOpen={open}
      onOpenChange={(next) => !next && onClose()}
      isDismissable={role === "dialog"}
      className="fixed inset-0 z-50 grid place-items-end bg-shade sm:place-items-center sm:p-6"
    >
      <Modal
        className={cx(
          "max-h-[90dvh] w-full overflow-auto rounded-b-none sm:rounded-b-lg",
          overlayClasses,
          widths[size],
        )}
      >
        <AriaDialog role={role} className="flex flex-col gap-5 p-6 outline-none">
          <div className="flex items-start justify-between gap-4">
            <Heading slot="title" className="display pt-1.5 text-xl">
              {title}
            </Heading>
            <IconButton label={t`Close`} onPress={onClose} className="-me-2">
              <X aria-hidden className="size-5" />
            </IconButton>
          </div>
          {children}
          {actions ? <div className="flex flex-wrap justify-end gap-3 pt-1">{actions}</div> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

type ConfirmProps = {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  children: ReactNode;
  confirmLabel: string;
  pending?: boolean;
};

/** Asks before something that cannot be undone. */
export function ConfirmDialog({ open, onClose, onConfirm, title, children, confirmLabel, pending }: ConfirmProps) {
  const { t } = useLingui();
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      size="sm"
      role="alertdialog"
      actions={
        <>
          <Button variant="secondary" onPress={onClose} autoFocus>
            {t`Cancel`}
          </Button>
          <Button variant="danger" onPress={onConfirm} isPending={pending ?? false}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      <p className="text-muted">{children}</p>
    </Dialog>
  );
}
