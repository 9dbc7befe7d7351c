import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { Check } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Checkbox, CheckboxGroup, Label } from "react-aria-components/CheckboxGroup";
import { api, data } from "@/shared/api/client";
import type { NewApiKey, NewAppPassword, Scope } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { labelClasses } from "@/shared/ui/field-classes";
import { onlyChangedTheirMind } from "@/shared/ui/say-failure";
import { Select } from "@/shared/ui/select";
import { TextField } from "@/shared/ui/text-field";
import { useScopes } from "./scopes";

const DAY_MS = 86_400_000;
type Life = "30" | "90" | "365" | "never";

type Props =
  | { kind: "api_key"; onMade: (key: NewApiKey) => void; onClose: () => void }
  | { kind: "app_password"; onMade: (password: NewAppPassword) => void; onClose: () => void };

type Wish = { name: string; scopes: Scope[]; life: Life };

async function make(props: Props, { name, scopes, life }: Wish): Promise<void> {
  if (props.kind === "app_password") {
    const body = { name, scopes };
    props.onMade(await data(api.POST("/api/v1/users/me/app-passwords", { body })));
    return;
  }
  const expires_at = life === "never" ? null : new Date(Date.now() + Number(life) * DAY_MS).toISOString();
  const body = { name, scopes, expires_at };
  props.onMade(await data(api.POST("/api/v1/users/me/api-keys", { body })));
}

/** Asks what a new key is called, what it may do, and for how long. */
export function NewKeyDialog(props: Props) {
  const { t } = useLingui();
  const isKey = props.kind === "api_key";
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(isKey ? ["listen"] : ["listen", "library"]);
  const [life, setLife] = useState<Life>("90");
  const making = useMutation({ mutationFn: (wish: Wish) => make(props, wish) });
  const failed = making.error && !onlyChangedTheirMind(making.error) ? making.error : null;
  const ready = name.trim() !== "" && scopes.length > 0;
  const lives = [
    { id: "30" as const, label: t`30 days` },
    { id: "90" as const, label: t`90 days` },
    { id: "365" as const, label: t`One year` },
    { id: "never" as const, label: t`Until it is revoked` },
  ];

  function submit(event: FormEvent) {
    event.preventDefault();
    if (ready) making.mutate({ name: name.trim(), scopes, life });
  }

  return (
    <Dialog
      open
      onClose={props.onClose}
      title={isKey ? t`New API key` : t`New app password`}
      actions={
        <>
          <Button onPress={props.onClose}>{t`Cancel`}</Button>
          <Button variant="primary" type="submit" form="new-key" isDisabled={!ready} isPending={making.isPending}>
            {t`Make`}
          </Button>
        </>
      }
    >
      <form id="new-key" onSubmit={submit} className="flex flex-col gap-6">
        <TextField
          label={t`Name`}
          help={isKey ? t`What it is for, so that you know it again.` : t`The app and the device that it is for.`}
          value={name}
          onChange={setName}
          error={failed ? errorText(failed) : null}
          maxLength={64}
          dir="auto"
          autoFocus
        />
        <ScopeChoice value={scopes} onChange={setScopes} />
        {isKey ? <Select label={t`Holds for`} options={lives} value={life} onChange={setLife} /> : null}
      </form>
    </Dialog>
  );
}

function ScopeChoice({ value, onChange }: { value: Scope[]; onChange: (scopes: Scope[]) => void }) {
  const { t } = useLingui();
  const scopes = useScopes();
  return (
    <CheckboxGroup
      value={value}
      onChange={(chosen) => onChange(scopes.map((scope) => scope.id).filter((id) => chosen.includes(id)))}
      className="flex flex-col gap-2"
    >
      <Label className={labelClasses}>{t`It may`}</Label>
      {scopes.map((scope) => (
        <Checkbox
          key={scope.id}
          value={scope.id}
          className="group flex min-h-11 cursor-pointer items-center gap-3 rounded-md"
        >
          <span
            aria-hidden
            className="grid size-5 shrink-0 place-items-center rounded-sm border-2 border-line-strong transition-colors group-data-[selected]:border-accent group-data-[selected]:bg-accent"
          >
            <Check className="invisible size-4 text-accent-ink group-data-[selected]:visible" />
          </span>
          <span className="flex min-w-0 flex-col">
            <span className="font-semibold">{scope.label}</span>
            <span className="text-sm text-muted">{scope.detail}</span>
          </span>
        </Checkbox>
      ))}
    </CheckboxGroup>
  );
}
