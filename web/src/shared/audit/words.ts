import { t } from "@lingui/core/macro";
import { longDate } from "@/shared/lib/format";
import { shortAddress } from "@/shared/wallet/wallets";
import { roleName } from "./roles";

/** What an entry of the audit log carries besides its action; which members, its action says. */
export type AuditData = Readonly<Record<string, unknown>>;
type Sentence = (data: AuditData) => string;

const word = (value: unknown): string => (typeof value === "string" ? value : "");

/** How somebody proved who they are, as part of a sentence: "with a passkey". */
export function methodText(method: string): string {
  const [kind, name] = method.split(":");
  switch (kind) {
    case "password":
      return t`with the password`;
    case "passkey":
      return t`with a passkey`;
    case "link":
      return t`with a one-time link`;
    case "reset":
      return t`with a new password`;
    case "register":
      return t`by making the account`;
    case "totp":
      return t`with a code from the app`;
    case "sms":
      return t`with a code by text message`;
    case "recovery":
      return t`with a recovery code`;
    case "wallet":
      return t`with a wallet`;
    case "app":
      return t`as an app`;
    case "oidc":
    case "oauth2":
      return name ? t`with ${name}` : t`with another service`;
    default:
      return t`with ${method}`;
  }
}

const reasons: Record<string, () => string> = {
  logout: () => t`Signed out`,
  revoked: () => t`A device was signed out from another one`,
  account_closing: () => t`A device was signed out, because the account was closed`,
  password_changed: () => t`A device was signed out, because the password was changed`,
  password_reset: () => t`A device was signed out, because the password was set anew`,
  administrator: () => t`A device was signed out by an administrator`,
  suspended: () => t`A device was signed out, because the account was suspended`,
  role_revoked: () => t`A device was signed out, because a role was taken away`,
};

function suspended(data: AuditData): string {
  const reason = word(data.reason);
  if (typeof data.until !== "string") return t`The account was suspended: ${reason}`;
  const day = longDate(data.until);
  return t`The account was suspended until ${day}: ${reason}`;
}

/** Each action of the log (`ACTIONS` in identity's api/audit.py) as a sentence that reads well to anybody. */
export const sentences: Record<string, Sentence> = {
  "app.allowed": () => t`An app was allowed to act for the account`,
  "app.made": () => t`An app was registered`,
  "app.removed": () => t`An app was removed`,
  "app.withdrawn": () => t`An app was signed out`,
  "account.deletion_asked": () => t`The account was closed, to be erased`,
  "account.deletion_cancelled": () => t`The deletion of the account was called off`,
  "account.registered": () => t`The account was made`,
  "account.reinstated": () => t`The suspension was lifted`,
  "account.suspended": suspended,
  "account.unverified": () => t`The badge was taken away`,
  "account.verified": () => t`The badge of who it is was given`,
  "artist.approved": (data) => {
    const name = word(data.name);
    return t`The artist ${name} was approved`;
  },
  "artist.asked": () => t`Approval of an artist profile was asked for`,
  "artist.refused": (data) => {
    const name = word(data.name);
    const reason = word(data.reason);
    return t`The artist ${name} was not approved: ${reason}`;
  },
  "api_key.made": () => t`An API key was made`,
  "api_key.revoked": () => t`An API key was revoked`,
  "app_password.made": () => t`An app password was made`,
  "app_password.revoked": () => t`An app password was revoked`,
  "consent.answered": (data) => (data.granted === true ? t`Consent was given` : t`Consent was refused or taken back`),
  "content.restored": (data) => {
    const title = word(data.title);
    return t`“${title}” may be heard again`;
  },
  "content.taken_down": (data) => {
    const title = word(data.title);
    const reason = word(data.reason);
    return t`“${title}” was taken down: ${reason}`;
  },
  "device.distrusted": () => t`Devices were no longer trusted`,
  "device.trusted": () => t`A device was trusted to need no second factor`,
  "email.change_asked": () => t`Another email address was asked for`,
  "email.changed": () => t`The email address was changed`,
  "email.verified": () => t`The email address was confirmed`,
  "export.asked": () => t`An archive of everything was asked for`,
  "import.begun": () => t`An archive was brought in`,
  "invitation.made": () => t`Somebody was invited`,
  "invitation.revoked": () => t`An invitation was taken back`,
  "linked_sign_in.added": (data) => {
    const provider = word(data.provider);
    return t`Signing in with ${provider} was linked`;
  },
  "linked_sign_in.removed": (data) => {
    const provider = word(data.provider);
    return t`Signing in with ${provider} was unlinked`;
  },
  "passkey.added": () => t`A passkey was added`,
  "passkey.asked": (data) =>
    data.second_factor === true
      ? t`From then on a passkey was asked for after the password`
      : t`A passkey was no longer asked for after the password`,
  "passkey.copied": () => t`A passkey was refused, because somebody may have a copy of it`,
  "passkey.removed": () => t`A passkey was removed`,
  "password.changed": () => t`The password was changed`,
  "password.removed": () => t`The password was removed`,
  "password.reset": () => t`The password was set anew by a letter's link`,
  "recovery_code.used": () => t`A recovery code was used`,
  "recovery_codes.made": () => t`New recovery codes were made`,
  "role.granted": (data) => {
    const role = roleName(word(data.role));
    return t`The role “${role}” was given`;
  },
  "role.revoked": (data) => {
    const role = roleName(word(data.role));
    return t`The role “${role}” was taken away`;
  },
  "second_factor.failed": (data) => {
    const method = methodText(word(data.method));
    return t`A second factor was wrong: tried ${method}`;
  },
  "second_factor.passed": (data) => {
    const method = methodText(word(data.method));
    return t`Passed the second step ${method}`;
  },
  "session.ended": ({ reason }) => reasons[word(reason)]?.() ?? t`A device was signed out`,
  "session.reused": () => t`A sign-in turned up in two places and was ended`,
  "sign_in.failed": () => t`A sign-in failed`,
  "sign_in.succeeded": (data) => {
    const method = methodText(word(data.method));
    return t`Signed in ${method}`;
  },
  "sms.added": () => t`Codes by text message were switched on`,
  "sms.removed": () => t`Codes by text message were switched off`,
  "step_up.succeeded": () => t`Proved again who it is`,
  "totp.added": () => t`Codes from an app were switched on`,
  "totp.removed": () => t`Codes from an app were switched off`,
  "wallet.linked": (data) => {
    const wallet = shortAddress(word(data.wallet));
    return t`The wallet ${wallet} was linked`;
  },
  "wallet.removed": (data) => {
    const wallet = shortAddress(word(data.wallet));
    return t`The wallet ${wallet} was removed`;
  },
};

/** What happened; the bare name of the action where a newer server has one that we have no words for. */
export const auditSentence = (action: string, data: AuditData): string => sentences[action]?.(data) ?? action;
