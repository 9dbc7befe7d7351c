import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  askForPasskey,
  autofillPossible,
  createPasskey,
  PasskeyDismissed,
  passkeysPossible,
  PasskeyPresent,
} from "./passkeys";

const bytes = (...given: number[]): ArrayBuffer => new Uint8Array(given).buffer;
const create = vi.fn();
const get = vi.fn();

const creation = {
  rp: { id: "localhost", name: "Antiphon" },
  user: { id: "_-8", name: "mira", displayName: "Mira" },
  challenge: "AQID",
  pubKeyCredParams: [{ alg: -7, type: "public-key" as const }],
  excludeCredentials: [{ id: "BA", type: "public-key", transports: ["usb"] }],
};
const request = { rpId: "localhost", challenge: "AQID", allowCredentials: [{ id: "BA", type: "public-key" }] };

beforeEach(() => {
  vi.stubGlobal("isSecureContext", true);
  vi.stubGlobal("PublicKeyCredential", function PublicKeyCredential() {});
  vi.stubGlobal("navigator", { credentials: { create, get } });
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.clearAllMocks();
});

test("a browser that cannot read JSON is given bytes, and its answer becomes JSON", async () => {
  create.mockResolvedValue({
    id: "-_8",
    rawId: bytes(251, 255),
    response: {
      clientDataJSON: bytes(1),
      attestationObject: bytes(2),
      getTransports: () => ["internal"],
    },
    getClientExtensionResults: () => ({ credProps: { rk: true } }),
  });
  expect(await createPasskey(creation)).toEqual({
    id: "-_8",
    rawId: "-_8",
    type: "public-key",
    response: { clientDataJSON: "AQ", attestationObject: "Ag", transports: ["internal"] },
    clientExtensionResults: { credProps: { rk: true } },
  });
  const { publicKey } = create.mock.calls[0]?.[0] as { publicKey: PublicKeyCredentialCreationOptions };
  expect(publicKey.challenge).toEqual(new Uint8Array([1, 2, 3]));
  expect(publicKey.user.id).toEqual(new Uint8Array([255, 239]));
  expect(publicKey.excludeCredentials).toEqual([{ id: new Uint8Array([4]), type: "public-key", transports: ["usb"] }]);
});

test("a browser that reads JSON is left to it", async () => {
  const read = { challenge: bytes(9) };
  vi.stubGlobal(
    "PublicKeyCredential",
    Object.assign(function PublicKeyCredential() {}, { parseRequestOptionsFromJSON: () => read }),
  );
  get.mockResolvedValue({
    id: "BA",
    rawId: bytes(4),
    response: { clientDataJSON: bytes(1), authenticatorData: bytes(2), signature: bytes(3), userHandle: null },
  });
  const signal = new AbortController().signal;
  expect((await askForPasskey(request, { waiting: true, signal })).response.userHandle).toBeNull();
  expect(get).toHaveBeenCalledWith({ publicKey: read, mediation: "conditional", signal });
});

test("what people decide is told apart from what breaks", async () => {
  get.mockRejectedValue(new DOMException("no", "NotAllowedError"));
  await expect(askForPasskey(request)).rejects.toBeInstanceOf(PasskeyDismissed);
  get.mockRejectedValue(new DOMException("no", "AbortError"));
  await expect(askForPasskey(request)).rejects.toBeInstanceOf(PasskeyDismissed);
  get.mockResolvedValue(null);
  await expect(askForPasskey(request)).rejects.toBeInstanceOf(PasskeyDismissed);
  create.mockRejectedValue(new DOMException("held", "InvalidStateError"));
  await expect(createPasskey(creation)).rejects.toBeInstanceOf(PasskeyPresent);
  create.mockRejectedValue(new DOMException("host", "SecurityError"));
  await expect(createPasskey(creation)).rejects.toThrow("host");
});

test("a browser without passkeys is not asked", async () => {
  expect(passkeysPossible()).toBe(true);
  expect(await autofillPossible()).toBe(false);
  vi.stubGlobal("PublicKeyCredential", undefined);
  expect(passkeysPossible()).toBe(false);
  expect(await autofillPossible()).toBe(false);
});
