import { Link, type LinkProps } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import type { ReactNode } from "react";
import { useTitle } from "@/shared/lib/title";

type PageProps = {
  title: string;
  intro?: ReactNode;
  /** The way up, shown above the title. */
  back?: { to: NonNullable<LinkProps["to"]>; label: string };
  children: ReactNode;
};

/** The frame of a page of settings: title, a sentence, the way up. */
export function Page({ title, intro, back, children }: PageProps) {
  useTitle(title);
  return (
    <div className="mx-auto w-full max-w-5xl px-4 pt-6 sm:px-8">
      <header className="flex flex-col gap-2 pb-8">
        {back ? (
          <Link
            to={back.to}
            className="flex min-h-11 items-center gap-2 self-start rounded-md text-sm font-semibold text-muted hover:text-ink"
          >
            <ArrowLeft aria-hidden className="flip-rtl size-4" />
            {back.label}
          </Link>
        ) : null}
        <h1 className="display text-2xl">{title}</h1>
        {intro ? <p className="max-w-2xl text-muted">{intro}</p> : null}
      </header>
      {children}
    </div>
  );
}
