import type { ReactNode } from "react";

type EntryProps = {
  icon: ReactNode;
  name: string;
  children: ReactNode;
  /** Buttons at the end. */
  actions: ReactNode;
};

/** One of several things of a kind: a key, a password for an app. */
export function Entry({ icon, name, children, actions }: EntryProps) {
  return (
    <li className="flex items-center gap-4 border-t border-line py-4 first:border-t-0 first:pt-0">
      <span
        aria-hidden
        className="grid size-11 shrink-0 place-items-center rounded-full bg-raised text-muted [&>svg]:size-5"
      >
        {icon}
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p className="font-semibold break-words">
          <bdi>{name}</bdi>
        </p>
        {children}
      </div>
      {actions}
    </li>
  );
}
