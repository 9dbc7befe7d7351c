import type { ReactNode } from "react";

type SectionProps = {
  title: string;
  /** One or two sentences under the title. */
  intro?: ReactNode;
  /** Makes the section reachable by `#id`. */
  id?: string;
  children: ReactNode;
};

/** One subject of a page of settings: what it is about on the near side, what can be done on the far side. */
export function Section({ title, intro, id, children }: SectionProps) {
  return (
    <section
      {...(id ? { id } : {})}
      className="grid scroll-mt-20 gap-5 border-t border-line py-9 md:grid-cols-[14rem_minmax(0,1fr)] md:gap-12"
    >
      <div className="flex flex-col gap-2">
        <h2 className="display text-lg">{title}</h2>
        {intro ? <p className="text-sm text-muted">{intro}</p> : null}
      </div>
      <div className="flex max-w-xl min-w-0 flex-col gap-7">{children}</div>
    </section>
  );
}
