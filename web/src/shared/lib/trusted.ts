/**
 * The one place of the client where text becomes the address of a script. The page's policy (`trusted-types antiphon`
 * in entry/http/client.py) refuses every other, so that nothing that slips into the page as text can run.
 */
type Policy = { createScriptURL: (url: string) => string };
type Factory = { createPolicy: (name: string, rules: Policy) => Policy };

const SERVICE_WORKER = "/sw.js";

function onlyOurs(url: string): string {
  if (url !== SERVICE_WORKER) throw new TypeError(`Not a script of ours: ${url}`);
  return url;
}

const factory = (globalThis as { trustedTypes?: Factory }).trustedTypes;
const policy: Policy = factory?.createPolicy("antiphon", { createScriptURL: onlyOurs }) ?? {
  createScriptURL: onlyOurs,
};

/** The service worker's address, as `navigator.serviceWorker.register` takes it under Trusted Types. */
export const serviceWorkerUrl = (): string => policy.createScriptURL(SERVICE_WORKER);
