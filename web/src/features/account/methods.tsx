import type { ComponentType } from "react";
import { PasskeyMethod } from "./passkey-method";
import { ProviderMethod } from "./provider-method";
import { WalletMethod } from "./wallet-method";

/** `next` is the path of our own that sign-in leads to. */
export type MethodProps = { next: string | undefined };

/**
 * Ways to sign in besides the password, in the order they are shown under it. Each is a file of its own; one that this
 * installation or browser does not offer shows nothing. What the server answers goes through `useEnter`.
 */
export const methods: readonly ComponentType<MethodProps>[] = [PasskeyMethod, ProviderMethod, WalletMethod];

/** What somebody who makes an account has written so far; each may still be empty. */
export type Newcomer = { display_name: string; handle: string; invitation: string };

/** Those of the ways that make an account for whoever has none, shown under the form that does. */
export const joining: readonly ComponentType<MethodProps & { newcomer: Newcomer }>[] = [ProviderMethod, WalletMethod];
