import { useLingui } from "@lingui/react/macro";
import { type FormEvent, useState } from "react";
import { api } from "@/shared/api/client";
import { useMe } from "@/shared/api/me";
import type { Account } from "@/shared/api/types";
import { dateAndTime } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";
import { Section } from "@/shared/ui/section";
import { TextField } from "@/shared/ui/text-field";
import { useDeed } from "./use-deed";

export function Suspension({ person }: { person: Account }) {
  const { t } = useLingui();
  const me = useMe();
  if (me?.id === person.id) return null;
  return (
    <Section
      title={t`Suspension`}
      intro={t`Who is suspended is signed out everywhere at once and cannot come in. What they published stays.`}
    >
      {person.suspended_at ? <Suspended person={person} since={person.suspended_at} /> : <Form person={person} />}
    </Section>
  );
}

function Suspended({ person, since }: { person: Account; since: string }) {
  const { t } = useLingui();
  const lift = useDeed(
    () => api.DELETE("/api/v1/users/{user_id}/suspension", { params: { path: { user_id: person.id } } }),
    t`The suspension is lifted.`,
  );
  const from = dateAndTime(since);
  const until = person.suspended_until ? dateAndTime(person.suspended_until) : null;
  return (
    <>
      <div className="flex flex-col gap-1 rounded-md bg-danger-soft px-4 py-3">
        <p className="font-semibold text-danger">
          {until ? t`Suspended since ${from}, until ${until}` : t`Suspended since ${from}, until it is lifted`}
        </p>
        <p className="break-words text-ink">{person.suspended_for}</p>
      </div>
      <Button className="self-start" onPress={() => lift.mutate(undefined)} isPending={lift.isPending}>
        {t`Lift the suspension`}
      </Button>
    </>
  );
}

function Form({ person }: { person: Account }) {
  const { t } = useLingui();
  const [reason, setReason] = useState("");
  const [day, setDay] = useState("");
  const suspend = useDeed(
    () => {
      // To the end of that day, where the admin is.
      const until = day ? new Date(`${day}T23:59:59`).toISOString() : null;
      const params = { path: { user_id: person.id } };
      return api.PUT("/api/v1/users/{user_id}/suspension", { params, body: { reason: reason.trim(), until } });
    },
    t`The person is suspended and signed out.`,
  );

  function submit(event: FormEvent) {
    event.preventDefault();
    if (reason.trim()) suspend.mutate(undefined);
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5" noValidate>
      <TextField
        label={t`Reason`}
        rows={3}
        dir="auto"
        maxLength={500}
        value={reason}
        onChange={setReason}
        help={t`The person reads this when they try to sign in.`}
        required
      />
      <TextField
        label={t`Last day`}
        type="date"
        value={day}
        onChange={setDay}
        help={t`Leave it empty to suspend them until you lift it.`}
        className="max-w-60"
      />
      <Button
        type="submit"
        variant="danger"
        className="self-start"
        isDisabled={!reason.trim()}
        isPending={suspend.isPending}
      >
        {t`Suspend`}
      </Button>
    </form>
  );
}
