import { i18n, type Messages } from "@lingui/core";

export const LOCALES = ["en", "es", "fr", "de", "ja", "ar", "he"] as const;
export type Locale = (typeof LOCALES)[number];
/** Each language by its own name, so that it is found by those who read it. */
export const LOCALE_NAMES: Record<Locale, string> = {
  en: "English",
  es: "Español",
  fr: "Français",
  de: "Deutsch",
  ja: "日本語",
  ar: "العربية",
  he: "עברית",
};
const RIGHT_TO_LEFT: readonly Locale[] = ["ar", "he"];

type Catalogue = { messages: Messages };
type Loader = (locale: Locale) => Promise<Catalogue>;
const loaders = new Map<string, Loader>();

export const directionOf = (locale: Locale): "rtl" | "ltr" => (RIGHT_TO_LEFT.includes(locale) ? "rtl" : "ltr");

export function isLocale(value: unknown): value is Locale {
  return LOCALES.some((locale) => locale === value);
}

/** The person's choice, else the first language of the browser that we speak, else English. */
export function preferredLocale(chosen: Locale | null, languages: readonly string[] = navigator.languages): Locale {
  if (chosen) return chosen;
  for (const language of languages) {
    const code = language.toLowerCase().split("-")[0]?.replace(/^iw$/, "he");
    if (isLocale(code)) return code;
  }
  return "en";
}

/** The language that is on, or on its way; a catalogue added meanwhile loads for it too. */
let wanted: Locale | null = null;
const loaded = new Map<string, Promise<void>>();

async function load(loader: Loader, locale: Locale): Promise<void> {
  i18n.load(locale, (await loader(locale)).messages);
}

/** Adds a catalogue (the shell's, or that of a lazily loaded part) and waits until its messages are there. */
export function addCatalogue(name: string, loader: Loader): Promise<void> {
  const known = loaded.get(name);
  if (known) return known;
  loaders.set(name, loader);
  const locale = wanted;
  const done = locale
    ? load(loader, locale).then(() => {
        if (i18n.locale) i18n.activate(i18n.locale);
      })
    : Promise.resolve();
  loaded.set(name, done);
  done.catch(() => loaded.delete(name)); // the next visit tries again
  return done;
}

/** Loads every catalogue in use for the language, then switches text and direction at once. */
export async function activate(locale: Locale): Promise<void> {
  wanted = locale;
  await Promise.all([...loaders.values()].map((loader) => load(loader, locale)));
  i18n.activate(locale);
  document.documentElement.lang = locale;
  document.documentElement.dir = directionOf(locale);
}

export { i18n };
