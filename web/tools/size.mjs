// Compressed JavaScript that the browser fetches before the first paint of the home page; fails above the budget.
import { readFile } from "node:fs/promises";
import zlib from "node:zlib";

const BUDGET_KB = 200;
const dist = new URL("../dist/", import.meta.url);
const manifest = JSON.parse(await readFile(new URL(".vite/manifest.json", dist), "utf8"));
const files = new Map();
function add(key) {
  const chunk = manifest[key];
  if (!chunk || files.has(chunk.file)) return;
  files.set(chunk.file, 0);
  for (const next of chunk.imports ?? []) add(next);
}
add("index.html");
// What the first page also needs before it shows something: its own route and the longest catalogue.
for (const key of Object.keys(manifest))
  if (/features\/browse\/home-page/.test(key) || /locales\/ar\/app/.test(key)) add(key);
let total = 0;
const extra = ["theme.js"];
for (const file of [...files.keys(), ...extra]) {
  const size = zlib.gzipSync(await readFile(new URL(file, dist)), { level: 9 }).length;
  total += size;
  if (process.argv.includes("--files")) console.log(`${(size / 1000).toFixed(1).padStart(8)} kB  ${file}`);
}
console.log(`JavaScript before the first paint: ${(total / 1000).toFixed(1)} kB (gzip) of ${BUDGET_KB} kB`);
if (total / 1000 > BUDGET_KB) process.exit(1);
