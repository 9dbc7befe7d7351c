import { useLingui } from "@lingui/react/macro";
import { CircleAlert, CircleCheck, Info, X } from "lucide-react";
import { create } from "zustand";
import { IconButton, Button } from "./button";

export type ToastTone = "info" | "success" | "error";
type ToastAction = { label: string; run: () => void };
type Toast = { id: number; text: string; tone: ToastTone; action?: ToastAction };

const SHOWN_MS = 6_000;
const AT_MOST = 3;
const useToasts = create<{ toasts: Toast[] }>(() => ({ toasts: [] }));
let lastId = 0;

function dismiss(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}

/** Says something in passing. Toasts with an action stay until they are used or closed. */
export function toast(text: string, tone: ToastTone = "info", action?: ToastAction): void {
  const id = ++lastId;
  useToasts.setState(({ toasts }) => ({
    toasts: [...toasts, { id, text, tone, ...(action ? { action } : {}) }].slice(-AT_MOST),
  }));
  if (!action) window.setTimeout(() => dismiss(id), SHOWN_MS);
}

const icons = { info: Info, success: CircleCheck, error: CircleAlert };
const tones: Record<ToastTone, string> = { info: "text-second-text", success: "text-success", error: "text-danger" };

export function ToastRegion() {
  const { t } = useLingui();
  const toasts = useToasts((state) => state.toasts);
  return (
    <section
      aria-label={t`Messages`}
      aria-live="polite"
      className="pointer-events-none fixed inset-x-4 bottom-44 z-60 flex flex-col items-center gap-2 lg:bottom-32"
    >
      {toasts.map((item) => {
        const Icon = icons[item.tone];
        return (
          <div
            key={item.id}
            className="pointer-events-auto flex max-w-lg items-center gap-3 rounded-lg border border-line bg-overlay py-2 ps-4 pe-2 shadow-lift"
          >
            <Icon aria-hidden className={`size-5 shrink-0 ${tones[item.tone]}`} />
            <p className="text-sm">{item.text}</p>
            {item.action ? (
              <Button
                size="sm"
                onPress={() => {
                  item.action?.run();
                  dismiss(item.id);
                }}
              >
                {item.action.label}
              </Button>
            ) : null}
            <IconButton label={t`Close`} size="sm" onPress={() => dismiss(item.id)}>
              <X aria-hidden className="size-4" />
            </IconButton>
          </div>
        );
      })}
    </section>
  );
}
