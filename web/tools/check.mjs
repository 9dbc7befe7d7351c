// Everything that must hold before a commit; each step runs even when an earlier one failed, so that one run shows all.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let failed = false;
function step(name, command, args) {
  const run = spawnSync(command, args, { stdio: "inherit" });
  if (run.status !== 0) {
    console.error(`✗ ${name}`);
    failed = true;
  } else console.log(`✓ ${name}`);
}

const bin = (name) => join("node_modules", ".bin", name);
step("types of the API are current", process.execPath, ["tools/generate.mjs", "--check"]);
step("tsc", bin("tsc"), ["--noEmit"]);
step("eslint", bin("eslint"), ["--max-warnings=0", "."]);
step("prettier", bin("prettier"), ["--check", "--log-level=warn", "."]);

const locales = "src/locales";
const read = () =>
  readdirSync(locales, { recursive: true })
    .filter((name) => name.endsWith(".po"))
    .map((name) => [name, readFileSync(join(locales, name), "utf8").replace(/"POT-Creation-Date:.*\n/, "")]);
const keep = mkdtempSync(join(tmpdir(), "locales-"));
cpSync(locales, keep, { recursive: true });
const before = new Map(read());
const extract = spawnSync(bin("lingui"), ["extract", "--clean"], { encoding: "utf8" });
const changed = read().filter(([name, text]) => before.get(name) !== text);
cpSync(keep, locales, { recursive: true });
rmSync(keep, { recursive: true });
if (extract.status !== 0 || changed.length > 0) {
  console.error(extract.stderr, `✗ messages are not extracted: run \`npm run extract\` (${changed.map(([n]) => n)})`);
  failed = true;
} else console.log("✓ messages are extracted");
const compile = spawnSync(
  bin("lingui"),
  ["compile", "--strict", "--namespace", "es", "--output-prefix", "/* eslint-disable */"],
  { encoding: "utf8" },
);
if (compile.status !== 0) {
  console.error(compile.stdout, compile.stderr, "✗ a message is not translated");
  failed = true;
} else console.log("✓ every message is translated");
for (const name of readdirSync(locales, { recursive: true })) {
  if (/\.(mjs|js|ts)$/.test(name)) rmSync(join(locales, name));
}
process.exit(failed ? 1 : 0);
