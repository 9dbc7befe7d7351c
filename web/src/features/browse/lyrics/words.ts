import { useLingui } from "@lingui/react/macro";
import type { Lyrics } from "@/shared/api/types";

/** What a language is called in the language of the interface; the code itself where it has no name. */
export function languageName(code: string, locale: string): string {
  try {
    return new Intl.DisplayNames(locale, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function useLyricsName(): (one: Pick<Lyrics, "language" | "text_kind">) => string {
  const { t, i18n } = useLingui();
  return (one) => {
    const language = one.language === "und" ? t`Original` : languageName(one.language, i18n.locale);
    if (one.text_kind === "translation") return t`${language}, translation`;
    if (one.text_kind === "pronunciation") return t`${language}, pronunciation`;
    return language;
  };
}
