import { useLingui } from "@lingui/react/macro";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, data } from "@/shared/api/client";
import { useTitle } from "@/shared/lib/title";
import { Mark } from "@/shared/ui/logo";

const aboutQuery = queryOptions({
  queryKey: ["about"],
  queryFn: () => data(api.GET("/api/v1/about")),
  staleTime: Infinity,
});

export function AboutPage() {
  const { t } = useLingui();
  const about = useQuery(aboutQuery);
  useTitle(t`About Antiphon`);
  const facts = about.data
    ? [
        [t`Version`, about.data.version],
        [t`Listening without an account`, about.data.guest_listening ? t`Allowed` : t`Not allowed`],
        [t`Licence`, "AGPL-3.0-or-later"],
      ]
    : [];
  return (
    <article className="mx-auto flex w-full max-w-3xl flex-col gap-8 px-4 pt-10 sm:px-8">
      <Mark className="size-20" />
      <h1 className="display text-3xl">{t`Music, and the answer to it`}</h1>
      <div className="flex max-w-prose flex-col gap-4 text-lg text-muted">
        <p>
          {t`An antiphon is music sung by two choirs that answer each other. Antiphon is a music platform that a scene, a label, a city radio or one person can own.`}
        </p>
        <p>
          {t`Artists keep their masters and publish in minutes; listeners press play and hear it at once. Everything here runs on one machine and belongs to those who run it.`}
        </p>
      </div>
      <dl className="flex flex-col">
        {facts.map(([name, value]) => (
          <div key={name} className="flex justify-between gap-6 border-t border-line py-3">
            <dt className="text-muted">{name}</dt>
            <dd className="font-semibold">{value}</dd>
          </div>
        ))}
        <div className="flex justify-between gap-6 border-t border-line py-3">
          <dt className="text-muted">{t`For developers`}</dt>
          <dd className="font-semibold">
            <a href="/api/v1/openapi.json" className="rounded-sm text-accent-text underline">
              {t`Programming interface`}
            </a>
          </dd>
        </div>
      </dl>
    </article>
  );
}
