import type { CSSProperties, ReactNode } from "react";
import type { Image } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { Cover } from "@/shared/ui/cover";

export const pagePadding = "px-4 sm:px-8";

type SectionProps = { title: string; aside?: ReactNode; children: ReactNode; className?: string };

export function Section({ title, aside, children, className }: SectionProps) {
  return (
    <section className={cx("flex flex-col gap-5", pagePadding, className)}>
      <div className="flex items-baseline justify-between gap-4">
        <h2 className="display text-xl">{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

type HeaderProps = {
  style: CSSProperties;
  picture: ReactNode;
  eyebrow: ReactNode;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
};

/** The picture of an album or track at the top of its page; the title stands beside it. */
export function PageCover({ image, seed }: { image: Image | null; seed: string }) {
  return (
    <Cover
      image={image}
      alt=""
      seed={seed}
      eager
      sizes="(min-width: 1024px) 256px, 208px"
      className="w-52 shrink-0 rounded-lg shadow-lift lg:w-64"
    />
  );
}

/** The top of an artist, album or track page: the picture, its colour, the name in display size. */
export function PageHeader({ style, picture, eyebrow, title, children, actions }: HeaderProps) {
  // Very long names step down one size, so that they stay readable as a name.
  const size = [...title].length > 36 ? "text-2xl" : [...title].length > 18 ? "text-3xl" : "text-4xl";
  return (
    <header style={style} className="relative -mt-16 pt-16">
      <div aria-hidden className="tint-fade pointer-events-none absolute inset-x-0 top-0 -z-10 h-[28rem]" />
      <div className={cx("flex flex-col gap-8 pt-8 pb-8 sm:flex-row sm:items-end sm:pt-14", pagePadding)}>
        {picture}
        <div className="flex min-w-0 flex-1 flex-col gap-3">
          <p className="text-sm font-semibold text-muted">{eyebrow}</p>
          <h1 className={cx("display break-words hyphens-auto", size)} dir="auto">
            {title}
          </h1>
          {children}
        </div>
      </div>
      {actions ? <div className={cx("flex flex-wrap items-center gap-3 pb-8", pagePadding)}>{actions}</div> : null}
    </header>
  );
}
