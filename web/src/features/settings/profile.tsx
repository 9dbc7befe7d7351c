import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api, data } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import { meQuery, useMe } from "@/shared/api/me";
import type { Me } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Section } from "@/shared/ui/section";
import { TextField } from "@/shared/ui/text-field";
import { toast } from "@/shared/ui/toast";

function ProfileForm({ me }: { me: Me }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [name, setName] = useState(me.display_name);
  const [handle, setHandle] = useState(me.handle);
  const save = useMutation({
    mutationFn: () => data(api.PUT("/api/v1/users/me", { body: { display_name: name.trim(), handle } })),
    onSuccess: (next) => {
      client.setQueryData(meQuery.queryKey, next);
      toast(t`Saved`, "success");
    },
    onError: (error) => {
      if (!(error instanceof ApiError) || (error.code !== "handle_taken" && error.fields.length === 0))
        toast(errorText(error), "error");
    },
  });
  const refused = save.error instanceof ApiError ? save.error : null;
  const changed = name.trim() !== me.display_name || handle !== me.handle;

  function submit(event: FormEvent) {
    event.preventDefault();
    save.mutate();
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <TextField
        label={t`Name`}
        value={name}
        onChange={setName}
        autoComplete="name"
        dir="auto"
        error={refused?.field("display_name")?.detail ?? null}
      />
      <TextField
        label={t`Handle`}
        value={handle}
        onChange={(value) => setHandle(value.toLowerCase())}
        autoComplete="off"
        dir="ltr"
        error={refused?.code === "handle_taken" ? errorText(refused) : (refused?.field("handle")?.detail ?? null)}
      />
      <p className="text-sm text-muted">
        {t`Email`}: <bdi>{me.email}</bdi>
      </p>
      <Button
        type="submit"
        variant="primary"
        className="self-start"
        isDisabled={!changed || !name.trim()}
        isPending={save.isPending}
      >
        {t`Save`}
      </Button>
    </form>
  );
}

export function ProfileSettings() {
  const { t } = useLingui();
  const me = useMe();
  if (!me) return null;
  return (
    <Section title={t`Profile`}>
      <ProfileForm key={me.id} me={me} />
    </Section>
  );
}
