import type { ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components/Button";
import { cx } from "@/shared/lib/class-names";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";
export type ButtonSize = "sm" | "md" | "lg";

const variants: Record<ButtonVariant, string> = {
  primary: "bg-accent text-accent-ink hover:bg-accent-hover",
  secondary: "bg-raised text-ink border border-line-strong/50 hover:bg-hover contrast-theme:border-line-strong",
  ghost: "text-ink hover:bg-hover",
  danger: "bg-danger-fill text-danger-ink hover:opacity-90",
};
const sizes: Record<ButtonSize, string> = {
  sm: "min-h-9 px-3.5 text-sm pointer-coarse:min-h-11",
  md: "min-h-11 px-5 text-sm",
  lg: "min-h-12 px-7 text-base",
};

/** The classes of a button, for links that look like one. */
export const buttonClasses = (variant: ButtonVariant = "secondary", size: ButtonSize = "md", className = ""): string =>
  cx(
    "inline-flex items-center justify-center gap-2 rounded-full font-semibold whitespace-nowrap select-none transition-colors",
    "disabled:opacity-45 disabled:cursor-not-allowed data-[pending]:opacity-70",
    variants[variant],
    sizes[size],
    className,
  );

export type ButtonProps = Omit<AriaButtonProps, "className" | "children" | "style"> & {
  variant?: ButtonVariant;
  size?: ButtonSize;
  className?: string;
  children?: ReactNode;
};

export function Button({ variant = "secondary", size = "md", className, ...props }: ButtonProps) {
  return <AriaButton {...props} className={buttonClasses(variant, size, className)} />;
}

export type IconButtonProps = Omit<ButtonProps, "size" | "aria-label"> & {
  /** Read by screen readers and shown as the tooltip. */
  label: string;
  size?: ButtonSize;
  pressed?: boolean;
};

const squares: Record<ButtonSize, string> = { sm: "size-9 pointer-coarse:size-11", md: "size-11", lg: "size-14" };

export function IconButton({ label, variant = "ghost", size = "md", pressed, className, ...props }: IconButtonProps) {
  return (
    <AriaButton
      {...props}
      aria-label={label}
      {...(pressed === undefined ? {} : { "aria-pressed": pressed })}
      className={cx(
        "relative inline-flex shrink-0 items-center justify-center rounded-full transition-colors select-none",
        "disabled:cursor-not-allowed disabled:opacity-45",
        pressed && variant === "ghost" ? "text-accent-text hover:bg-hover" : variants[variant],
        squares[size],
        className,
      )}
      render={(dom) => <button {...dom} title={label} />}
    />
  );
}
