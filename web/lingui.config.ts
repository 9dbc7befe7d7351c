import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "es", "fr", "de", "ja", "ar", "he"],
  // Two catalogues: what every visitor needs, and the studio, which is loaded with its pages.
  catalogs: [
    {
      path: "<rootDir>/src/locales/{locale}/app",
      include: ["<rootDir>/src"],
      exclude: ["**/features/studio/**", "**/*.test.*", "**/schema.gen.ts"],
    },
    {
      path: "<rootDir>/src/locales/{locale}/studio",
      include: ["<rootDir>/src/features/studio"],
      exclude: ["**/*.test.*"],
    },
  ],
  format: formatter({ lineNumbers: false, origins: false }),
});
