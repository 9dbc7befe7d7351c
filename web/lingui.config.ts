import { defineConfig } from "@lingui/cli";
import { formatter } from "@lingui/format-po";

/** Parts whose words are loaded with the pages that show them; all other words are in `app`, which every visitor gets. */
const apart = {
  library: "features/browse/library",
  works: "features/browse/works",
  listening: "features/browse/listening",
  studio: "features/studio",
  account: "features/account",
  security: "features/security",
  privacy: "features/privacy",
  connections: "features/connections",
  admin: "features/admin",
  audit: "shared/audit",
  playlists: "features/browse/playlists",
  lyrics: "features/browse/lyrics",
  share: "features/share",
  sound: "features/sound",
  downloads: "features/downloads",
  jam: "features/jam",
};

export default defineConfig({
  sourceLocale: "en",
  locales: ["en", "es", "fr", "de", "ja", "ar", "he"],
  catalogs: [
    {
      path: "<rootDir>/src/locales/{locale}/app",
      include: ["<rootDir>/src"],
      exclude: [...Object.values(apart).map((folder) => `**/${folder}/**`), "**/*.test.*", "**/schema.gen.ts"],
    },
    ...Object.entries(apart).map(([name, folder]) => ({
      path: `<rootDir>/src/locales/{locale}/${name}`,
      include: [`<rootDir>/src/${folder}`],
      exclude: ["**/*.test.*"],
    })),
  ],
  format: formatter({ lineNumbers: false, origins: false }),
});
