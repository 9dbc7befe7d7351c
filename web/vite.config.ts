import { fileURLToPath } from "node:url";
import { lingui, linguiTransformerBabelPreset } from "@lingui/vite-plugin";
import babel from "@rolldown/plugin-babel";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";
import { shellChunk } from "./tools/shell-chunk.ts";
import { onlyShell } from "./tools/shell-files.ts";

const server = process.env.ANTIPHON_DEV_SERVER ?? "http://localhost:8420";
const proxied = { target: server, changeOrigin: false };

export default defineConfig(({ command }) => ({
  plugins: [
    babel({ presets: [linguiTransformerBabelPreset()] }),
    react(),
    lingui({ failOnMissing: command === "build", failOnCompileError: true }),
    tailwindcss(),
    VitePWA({
      registerType: "prompt",
      injectRegister: null,
      strategies: "generateSW",
      includeManifestIcons: false,
      manifest: {
        id: "/",
        name: "Antiphon",
        short_name: "Antiphon",
        description: "Music, and the answer to it.",
        start_url: "/",
        scope: "/",
        display: "standalone",
        theme_color: "#14151b",
        background_color: "#14151b",
        categories: ["music", "entertainment"],
        icons: [
          { src: "/icons/icon-192.png", sizes: "192x192", type: "image/png" },
          { src: "/icons/icon-512.png", sizes: "512x512", type: "image/png" },
          { src: "/icons/maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
          { src: "/icons/icon.svg", sizes: "any", type: "image/svg+xml" },
        ],
        shortcuts: [
          { name: "Search", url: "/search" },
          { name: "Studio", url: "/studio" },
        ],
      },
      workbox: {
        globPatterns: ["**/*.{js,css,html,svg}"],
        manifestTransforms: [(entries) => onlyShell(entries, "dist")],
        // Also the page of the first visit is its own, so that what it uses from then on is kept.
        clientsClaim: true,
        navigateFallback: "/index.html",
        navigateFallbackDenylist: [/^\/(api|ws|audio|images|exports|health|metrics)(\/|$)/],
        // Of answers of the API and of sound nothing is kept here. The names of assets change with what is in them.
        runtimeCaching: [
          {
            urlPattern: /\/assets\//,
            handler: "CacheFirst",
            options: { cacheName: "assets", expiration: { maxEntries: 300, purgeOnQuotaError: true } },
          },
        ],
        // In one file: the worker's policy lets it load no other.
        inlineWorkboxRuntime: true,
        cleanupOutdatedCaches: true,
      },
    }),
  ],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  // The server puts a new nonce here with every answer (entry/http/client.py); so do styles that are made in the page.
  html: { cspNonce: "NONCE-OF-THE-ANSWER" },
  build: {
    target: "es2023",
    assetsDir: "assets",
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // Icons and other crumbs travel together; what rarely changes stays in the browser's cache over releases.
        codeSplitting: {
          groups: [
            { name: "react", test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: "framework", test: /node_modules\/(@tanstack|zustand|openapi-fetch|@lingui)\// },
            { name: shellChunk() },
          ],
        },
      },
    },
  },
  server: {
    port: 5173,
    proxy: {
      "/api": proxied,
      "/audio": proxied,
      "/images": proxied,
      "/exports": proxied,
      "/ws": { ...proxied, ws: true },
    },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./src/test-setup.ts"],
    css: false,
    restoreMocks: true,
    // As long as a machine that is busy may take, which reads the modules of a page when they are first asked for.
    testTimeout: 240_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 60_000 } },
    // A window and the modules of a page cost more than most of what is tested in them: a worker keeps them from file
    // to file. What is shared is not tested where features were: those go on listening to it once they were loaded.
    isolate: false,
    projects: [
      { extends: true, test: { name: "shared", include: ["src/shared/**/*.test.{ts,tsx}"] } },
      {
        extends: true,
        test: { name: "features", include: ["src/**/*.test.{ts,tsx}"], exclude: ["src/shared/**"] },
      },
    ],
  },
}));
