/**
 * The two ceremonies of a passkey (WebAuthn Level 3): options as the server writes them in, what the authenticator
 * answered as JSON out. Browsers convert by themselves; a few that know passkeys cannot yet, and are helped.
 */

/** Nothing went wrong: the person closed the browser's dialog, let it time out, or another ceremony took its place. */
export class PasskeyDismissed extends Error {
  override readonly name = "PasskeyDismissed";
}

/** The authenticator holds a passkey of this account already. */
export class PasskeyPresent extends Error {
  override readonly name = "PasskeyPresent";
}

export type RegistrationJson = {
  id: string;
  rawId: string;
  type: "public-key";
  response: { clientDataJSON: string; attestationObject: string; transports: string[] };
  clientExtensionResults: { credProps: { rk: boolean | null } | null };
};

export type AuthenticationJson = {
  id: string;
  rawId: string;
  type: "public-key";
  response: { clientDataJSON: string; authenticatorData: string; signature: string; userHandle: string | null };
};

// An IP address has no name that a passkey could belong to.
const NUMBERS = /^[\d.]+$|^\[/;

/** Whether this browser can make and use passkeys here at all. */
export const passkeysPossible = (): boolean =>
  window.isSecureContext &&
  typeof window.PublicKeyCredential === "function" &&
  "credentials" in navigator &&
  !NUMBERS.test(window.location.hostname);

/** Whether the browser offers passkeys among what it would fill into a field. */
export async function autofillPossible(): Promise<boolean> {
  if (!passkeysPossible() || !("isConditionalMediationAvailable" in PublicKeyCredential)) return false;
  return PublicKeyCredential.isConditionalMediationAvailable().catch(() => false);
}

export async function createPasskey(options: PublicKeyCredentialCreationOptionsJSON): Promise<RegistrationJson> {
  const made = await attempt(() => navigator.credentials.create({ publicKey: creation(options) }));
  const response = made.response as AuthenticatorAttestationResponse;
  return {
    ...named(made),
    response: {
      clientDataJSON: encoded(response.clientDataJSON),
      attestationObject: encoded(response.attestationObject),
      transports: "getTransports" in response ? response.getTransports() : [],
    },
    clientExtensionResults: { credProps: discoverable(made) },
  };
}

/**
 * `waiting`: no dialog; the browser offers passkeys in the field with `autocomplete="… webauthn"` until `signal` ends
 * it. Only one ceremony can be under way, so whoever starts another must end this one first.
 */
export async function askForPasskey(
  options: PublicKeyCredentialRequestOptionsJSON,
  { waiting = false, signal }: { waiting?: boolean; signal?: AbortSignal } = {},
): Promise<AuthenticationJson> {
  const found = await attempt(() =>
    navigator.credentials.get({
      publicKey: request(options),
      ...(waiting ? { mediation: "conditional" as const } : {}),
      ...(signal ? { signal } : {}),
    }),
  );
  const response = found.response as AuthenticatorAssertionResponse;
  return {
    ...named(found),
    response: {
      clientDataJSON: encoded(response.clientDataJSON),
      authenticatorData: encoded(response.authenticatorData),
      signature: encoded(response.signature),
      userHandle: response.userHandle ? encoded(response.userHandle) : null,
    },
  };
}

async function attempt(ceremony: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const found = await ceremony();
    if (found) return found as PublicKeyCredential;
  } catch (error) {
    const name = error instanceof Error || error instanceof DOMException ? error.name : "";
    if (name === "InvalidStateError") throw new PasskeyPresent();
    // Browsers say NotAllowedError for a refusal, a timeout and an empty authenticator alike, to tell pages nothing.
    if (name !== "NotAllowedError" && name !== "AbortError") throw error;
  }
  throw new PasskeyDismissed();
}

function named(made: PublicKeyCredential) {
  return { id: made.id, rawId: encoded(made.rawId), type: "public-key" as const };
}

function discoverable(made: PublicKeyCredential): { rk: boolean | null } | null {
  const known = made.getClientExtensionResults().credProps;
  return known ? { rk: known.rk ?? null } : null;
}

function creation(options: PublicKeyCredentialCreationOptionsJSON): PublicKeyCredentialCreationOptions {
  if ("parseCreationOptionsFromJSON" in PublicKeyCredential) {
    return PublicKeyCredential.parseCreationOptionsFromJSON(options);
  }
  const { challenge, user, excludeCredentials, ...rest } = options;
  return {
    ...(rest as Omit<PublicKeyCredentialCreationOptions, "challenge" | "user">),
    challenge: decoded(challenge),
    user: { ...user, id: decoded(user.id) },
    excludeCredentials: descriptors(excludeCredentials),
  };
}

function request(options: PublicKeyCredentialRequestOptionsJSON): PublicKeyCredentialRequestOptions {
  if ("parseRequestOptionsFromJSON" in PublicKeyCredential) {
    return PublicKeyCredential.parseRequestOptionsFromJSON(options);
  }
  const { challenge, allowCredentials, ...rest } = options;
  return {
    ...(rest as Omit<PublicKeyCredentialRequestOptions, "challenge">),
    challenge: decoded(challenge),
    allowCredentials: descriptors(allowCredentials),
  };
}

function descriptors(given: readonly PublicKeyCredentialDescriptorJSON[] = []): PublicKeyCredentialDescriptor[] {
  return given.map(({ id, transports }) => ({
    id: decoded(id),
    type: "public-key",
    ...(transports ? { transports: transports as AuthenticatorTransport[] } : {}),
  }));
}

function decoded(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
}

function encoded(bytes: ArrayBuffer): string {
  const letters = Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
