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
import { Avatar } from "./avatar";

function ProfileForm({ me }: { me: Me }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const [name, setName] = useState(me.display_name);
  const [handle, setHandle] = useState(me.handle);
  const [bio, setBio] = useState(me.bio);
  const [links, setLinks] = useState(me.links.join("\n"));
  const save = useMutation({
    mutationFn: () =>
      data(api.PUT("/api/v1/users/me", { body: { display_name: name.trim(), handle, bio, links: linesOf(links) } })),
    onSuccess: (next) => {
      setBio(next.bio);
      setLinks(next.links.join("\n"));
      client.setQueryData(meQuery.queryKey, next);
      toast(t`Saved`, "success");
    },
    onError: (error) => {
      if (!(error instanceof ApiError) || (error.code !== "handle_taken" && error.fields.length === 0))
        toast(errorText(error), "error");
    },
  });
  const refused = save.error instanceof ApiError ? save.error : null;
  const badLink = refused?.fields.find(({ pointer }) => pointer.startsWith("/links"));
  const same = name.trim() === me.display_name && handle === me.handle && bio === me.bio;
  const changed = !same || links !== me.links.join("\n");

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
      <TextField
        label={t`About you`}
        value={bio}
        onChange={setBio}
        rows={4}
        maxLength={2000}
        dir="auto"
        error={refused?.field("bio")?.detail ?? null}
      />
      <TextField
        label={t`Links`}
        help={t`Up to five, one a line, each beginning with https://`}
        value={links}
        onChange={setLinks}
        rows={3}
        dir="ltr"
        error={badLink ? t`A link is an address that begins with https://, and there is room for five.` : null}
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

const linesOf = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

export function ProfileSettings() {
  const { t } = useLingui();
  const me = useMe();
  if (!me) return null;
  return (
    <Section title={t`Profile`}>
      <Avatar me={me} />
      <ProfileForm key={me.id} me={me} />
    </Section>
  );
}
