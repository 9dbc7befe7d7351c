import { useRef } from "react";
import { api, data } from "@/shared/api/client";
import { createPasskey, type RegistrationJson } from "@/shared/lib/passkeys";

// A ceremony lasts five minutes on the server.
const GOOD_FOR_MS = 4 * 60_000;

type Newcomer = { email: string; display_name: string };
type Made = { email: string; until: number; key: RegistrationJson };

/**
 * `make` asks the device for the passkey that opens an account to be. What is wrong with another field leaves it good:
 * it is shown again for the same address, so that nobody collects keys of no account. `forget` after it was refused.
 */
export function useFirstKey() {
  const made = useRef<Made | null>(null);
  return {
    make: async ({ email, display_name }: Newcomer): Promise<RegistrationJson> => {
      const held = made.current;
      if (held?.email === email && held.until > Date.now()) return held.key;
      const body = { purpose: "sign_up" as const, email, display_name };
      const options = await data(api.POST("/api/v1/auth/passkeys/options", { body }));
      if (!("user" in options)) throw new TypeError("these are not options to make a passkey");
      const key = await createPasskey(options);
      made.current = { email, until: Date.now() + GOOD_FOR_MS, key };
      return key;
    },
    forget: () => {
      made.current = null;
    },
  };
}
