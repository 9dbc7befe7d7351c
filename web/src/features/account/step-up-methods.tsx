import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { ComponentType } from "react";
import { StepUpLinked } from "./step-up-linked";
import { StepUpPasskey } from "./step-up-passkey";
import { StepUpRecovery, StepUpTextMessage, StepUpTotp } from "./step-up-code";
import { StepUpPassword } from "./step-up-password";
import { StepUpWallet } from "./step-up-wallet";

export type StepUpProps = { onProven: () => void };

export type StepUpMethod = {
  /** As `step_up_needed` names it. */
  method: string;
  label: MessageDescriptor;
  Component: ComponentType<StepUpProps>;
};

/** Ways to prove again who one is, the most convenient first. Each asks `POST /auth/step-up` by itself. */
export const stepUpMethods: readonly StepUpMethod[] = [
  { method: "passkey", label: msg`Passkey`, Component: StepUpPasskey },
  { method: "password", label: msg`Password`, Component: StepUpPassword },
  { method: "linked", label: msg`Sign-in elsewhere`, Component: StepUpLinked },
  { method: "wallet", label: msg`Wallet`, Component: StepUpWallet },
  { method: "totp", label: msg`Code from your app`, Component: StepUpTotp },
  { method: "sms", label: msg`Code by text message`, Component: StepUpTextMessage },
  { method: "recovery", label: msg`Recovery code`, Component: StepUpRecovery },
];
