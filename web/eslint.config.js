import { readdirSync } from "node:fs";
import js from "@eslint/js";
import lingui from "eslint-plugin-lingui";
import reactHooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

// Imports run one way: app → features → player → shared. Parents are reached by "@/…" only, so that the zones see them.
const parents = { regex: "^\\.\\.(/|$)", message: 'Write "@/…" instead of climbing to a parent folder.' };
const up = (names) => ({
  regex: `^@/(${names.join("|")})(/|$)`,
  message: "Imports run app → features → player → shared.",
});
const zone = (files, patterns) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: [parents, ...patterns] }] },
});
const features = readdirSync(new URL("./src/features", import.meta.url), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

export default ts.config(
  { ignores: ["dist", "node_modules", "coverage", "src/shared/api/schema.gen.ts", "dev-dist"] },
  js.configs.recommended,
  ...ts.configs.strict,
  lingui.configs["flat/recommended"],
  {
    files: ["src/**/*.{ts,tsx}"],
    plugins: { "react-hooks": reactHooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "no-console": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "max-lines": ["error", { max: 500 }],
    },
  },
  {
    files: ["tools/**", "*.config.*"],
    languageOptions: { globals: { process: "readonly", console: "readonly", URL: "readonly", Buffer: "readonly" } },
  },
  {
    files: ["public/*.js"],
    languageOptions: {
      globals: { document: "readonly", localStorage: "readonly", matchMedia: "readonly", navigator: "readonly" },
    },
  },
  zone(["src/shared/**"], [up(["app", "features", "player"])]),
  zone(["src/player/**"], [up(["app", "features"])]),
  ...features.map((name) =>
    zone(
      [`src/features/${name}/**`],
      [up(["app"]), { regex: `^@/features/(?!${name}(/|$))`, message: "A feature never imports another feature." }],
    ),
  ),
  zone(["src/app/**"], []),
);
