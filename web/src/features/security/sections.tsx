import type { ComponentType } from "react";
import { ApiKeys, AppPasswords } from "./keys";
import { Apps } from "./apps";
import { Audit } from "./audit";
import { Devices } from "./devices";
import { Email } from "./email";
import { LinkedSignIns } from "./linked";
import { Passkeys } from "./passkeys";
import { Password } from "./password";
import { TrustedDevices } from "./trusted-devices";
import { TwoFactor } from "./two-factor";
import { Wallets } from "./wallets";

/**
 * The subjects of the security page, in the order they are shown. Each is a file of its own that shows a `Section`;
 * one that this installation does not offer shows nothing.
 */
export const sections: readonly ComponentType[] = [
  Password,
  Passkeys,
  TwoFactor,
  Email,
  LinkedSignIns,
  Wallets,
  Devices,
  TrustedDevices,
  Apps,
  AppPasswords,
  ApiKeys,
  Audit,
];
