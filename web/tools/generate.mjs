// Types of the API from its OpenAPI document. The document is written by the server (`web/openapi.json`).
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const source = new URL("../openapi.json", import.meta.url);
const target = new URL("../src/shared/api/schema.gen.ts", import.meta.url);
const text =
  "// Made by `npm run generate` from openapi.json. Do not edit.\n\n" +
  astToString(await openapiTS(source, { defaultNonNullable: false }));
if (process.argv.includes("--check")) {
  if ((await readFile(target, "utf8").catch(() => "")) !== text) {
    console.error("src/shared/api/schema.gen.ts is not current: run `npm run generate`.");
    process.exit(1);
  }
} else {
  await writeFile(target, text);
}
