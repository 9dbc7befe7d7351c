import { useLingui } from "@lingui/react/macro";
import { Archive, KeyRound, LogIn, LogOut, Mail, ShieldAlert, ShieldCheck, UserRound } from "lucide-react";
import type { ReactNode } from "react";
import type { AuditEntry } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { deviceName } from "@/shared/lib/device-name";
import { dateAndTime } from "@/shared/lib/format";
import { auditSentence } from "./words";

/** What one should look at twice. */
const ALARMING = new Set([
  "account.suspended",
  "passkey.copied",
  "recovery_code.used",
  "second_factor.failed",
  "session.reused",
  "sign_in.failed",
]);

function iconOf(action: string): ReactNode {
  if (ALARMING.has(action)) return <ShieldAlert />;
  if (action.startsWith("sign_in.")) return <LogIn />;
  if (action.startsWith("session.")) return <LogOut />;
  if (/^(export|import)\./.test(action)) return <Archive />;
  if (action.startsWith("email.") || action.startsWith("invitation.")) return <Mail />;
  if (action.startsWith("account.") || action.startsWith("role.")) return <UserRound />;
  if (/^(api_key|app_password|passkey|password|recovery_codes?|sms|totp|wallet)\./.test(action)) return <KeyRound />;
  return <ShieldCheck />;
}

/** What happened, the newest first. `self` is whose log it is: what others did is told with their name. */
export function AuditList({ entries, self, label }: { entries: readonly AuditEntry[]; self?: string; label: string }) {
  return (
    <ol aria-label={label} className="flex flex-col">
      {entries.map((entry) => (
        <Entry key={entry.id} entry={entry} self={self} />
      ))}
    </ol>
  );
}

function Entry({ entry, self }: { entry: AuditEntry; self: string | undefined }) {
  const { t } = useLingui();
  const { actor_handle: actor } = entry;
  const byOther = actor && entry.actor_id !== self ? t`by @${actor}` : null;
  const where = [entry.user_agent ? deviceName(entry.user_agent) : null, entry.address || null].filter(Boolean);
  const alarming = ALARMING.has(entry.action);
  return (
    <li className="flex gap-4 border-t border-line py-3 first:border-t-0 first:pt-0">
      <span
        aria-hidden
        className={cx(
          "grid size-9 shrink-0 place-items-center rounded-full [&>svg]:size-4.5",
          alarming ? "bg-danger-soft text-danger" : "bg-raised text-muted",
        )}
      >
        {iconOf(entry.action)}
      </span>
      <div className="flex min-w-0 flex-1 flex-col gap-0.5">
        <p className="font-semibold break-words">
          {auditSentence(entry.action, entry.data)}
          {byOther ? <span className="font-normal text-muted"> {byOther}</span> : null}
        </p>
        <p className="text-sm break-words text-muted">
          <time dateTime={entry.at}>{dateAndTime(entry.at)}</time>
          {where.length > 0 ? (
            <>
              {" · "}
              <bdi>{where.join(" · ")}</bdi>
            </>
          ) : null}
        </p>
      </div>
    </li>
  );
}
