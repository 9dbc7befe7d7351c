import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { ComponentType } from "react";
import { PasskeySecondFactor } from "./passkey-second-factor";
import { RecoveryStep, TextMessageStep, TotpStep } from "./second-factor-codes";

export type SecondFactorProps = {
  /** What the first proof earned: with one of `methods` it becomes a session. */
  ticket: string;
  next: string | undefined;
};

export type SecondFactor = {
  /** As `second_factor_needed` names it. */
  method: string;
  /** The way in few words: "Code from your app". */
  label: MessageDescriptor;
  Component: ComponentType<SecondFactorProps>;
};

/** Second factors that this client knows, the most convenient first. */
export const secondFactors: readonly SecondFactor[] = [
  { method: "passkey", label: msg`Passkey`, Component: PasskeySecondFactor },
  { method: "totp", label: msg`Code from your app`, Component: TotpStep },
  { method: "sms", label: msg`Code by text message`, Component: TextMessageStep },
  { method: "recovery", label: msg`Recovery code`, Component: RecoveryStep },
];
