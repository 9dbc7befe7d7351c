import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, data } from "@/shared/api/client";
import { directionOf, isLocale, LOCALE_NAMES, LOCALES, type Locale } from "@/shared/lib/i18n";
import { errorText } from "@/shared/lib/error-text";
import { EmptyState } from "@/shared/ui/empty-state";
import { Select } from "@/shared/ui/select";
import { Tabs } from "@/shared/ui/tabs";
import { PageSkeleton, PageTitle } from "./layout";

const PREVIEWS = "/api/v1/notifications/letters/previews";

/** Every letter as people get it, in every language, filled with invented data. */
export default function MailPage() {
  const { t, i18n } = useLingui();
  const [chosen, setChosen] = useState<string | null>(null);
  const own = isLocale(i18n.locale) ? i18n.locale : "en";
  const [language, setLanguage] = useState<Locale>(own);
  const kinds = useQuery({
    queryKey: ["admin", "letters", own],
    queryFn: () => data(api.GET(PREVIEWS, { params: { query: { language: own } } })),
  });
  const intro = t`How letters look to the people who get them. Nothing is sent from here, and their links open nothing.`;
  if (kinds.isError) {
    return (
      <>
        <PageTitle title={t`Letters`} />
        <EmptyState title={t`The letters cannot be shown`}>{errorText(kinds.error)}</EmptyState>
      </>
    );
  }
  if (!kinds.data) return <PageSkeleton />;
  const purpose = chosen ?? kinds.data.items[0]?.purpose ?? "";
  return (
    <>
      <PageTitle title={t`Letters`} intro={intro} />
      <div className="flex flex-wrap gap-4 pb-8">
        <Select
          label={t`Letter`}
          value={purpose}
          onChange={setChosen}
          options={kinds.data.items.map((kind) => ({ id: kind.purpose, label: kind.subject }))}
          className="w-full sm:w-96"
        />
        <Select
          label={t`Language`}
          value={language}
          onChange={setLanguage}
          options={LOCALES.map((locale) => ({ id: locale, label: LOCALE_NAMES[locale] }))}
          className="w-full sm:w-48"
        />
      </div>
      <Tabs
        label={t`Form of the letter`}
        items={[
          { id: "html", label: t`Designed`, content: <Designed purpose={purpose} language={language} /> },
          { id: "text", label: t`Plain text`, content: <Plain purpose={purpose} language={language} /> },
        ]}
      />
    </>
  );
}

type Shown = { purpose: string; language: Locale };

/** A frame that may do nothing: the letter has a policy of its own, and none of ours has to be loosened for it. */
function Designed({ purpose, language }: Shown) {
  const { t } = useLingui();
  return (
    <iframe
      key={`${purpose} ${language}`}
      title={t`The letter as mail programs show it`}
      sandbox=""
      src={`${PREVIEWS}/${encodeURIComponent(purpose)}?language=${language}&format=html`}
      className="h-[56rem] w-full rounded-lg border border-line"
    />
  );
}

function Plain({ purpose, language }: Shown) {
  const letter = useQuery({
    queryKey: ["admin", "letters", purpose, language],
    queryFn: () =>
      data(
        api.GET(`${PREVIEWS}/{purpose}`, {
          params: { path: { purpose }, query: { language, format: "text" } },
          parseAs: "text",
        }),
      ),
  });
  if (letter.isError) return <p role="alert">{errorText(letter.error)}</p>;
  return (
    <pre
      lang={language}
      dir={directionOf(language)}
      className="min-h-96 overflow-x-auto rounded-lg border border-line bg-raised p-6 font-[inherit] break-words whitespace-pre-wrap"
    >
      {letter.data}
    </pre>
  );
}
