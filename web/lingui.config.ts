import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

/** Features whose words are loaded with their pages; those of all others are in `app`, which every visitor gets. */
const apart = ["studio", "account", "security", "privacy", "admin"];

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "es", "fr", "de", "ja", "ar", "he"],
  catalogs: [
    {
      path: "<rootDir>/src/locales/{locale}/app",
      include: ["<rootDir>/src"],
      exclude: [...apart.map((name) => `**/features/${name}/**`), "**/*.test.*", "**/schema.gen.ts"],
    },
    ...apart.map((name) => ({
      path: `<rootDir>/src/locales/{locale}/${name}`,
      include: [`<rootDir>/src/features/${name}`],
      exclude: ["**/*.test.*"],
    })),
  ],
  format: formatter({ lineNumbers: false, origins: false }),
});
