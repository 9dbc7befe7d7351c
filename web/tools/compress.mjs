// Writes .br and .gz beside every text asset of the build, so that the server never compresses on the fly; the page
// itself is another with every answer, for its nonce.
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);
const dist = new URL("../dist", import.meta.url).pathname;
const names = await readdir(dist, { recursive: true });
for (const name of names.filter((n) => /\.(js|css|svg|json|webmanifest|txt)$/.test(n))) {
  const path = join(dist, name);
  const bytes = await readFile(path);
  await writeFile(`${path}.gz`, await gzip(bytes, { level: 9 }));
  await writeFile(
    `${path}.br`,
    await brotli(bytes, {
      params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  );
}
