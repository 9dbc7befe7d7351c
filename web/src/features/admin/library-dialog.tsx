import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { api, data } from "@/shared/api/client";
import { ApiError } from "@/shared/api/errors";
import type { Library } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Select } from "@/shared/ui/select";
import { onlyChangedTheirMind } from "@/shared/ui/say-failure";
import { Switch } from "@/shared/ui/switch";
import { TextField } from "@/shared/ui/text-field";
import { LIBRARIES } from "./library-queries";
import { ACCESS } from "./library-words";

type Props = {
  /** The one that is changed; a new one where left out. */
  library?: Library;
  onClose: () => void;
};
type Fields = { path: string; name: string; access: Library["access"]; watched: boolean; writes_tags: boolean };

const LEVELS: readonly Library["access"][] = ["members", "everyone", "chosen"];

async function added(fields: Fields): Promise<Library> {
  const made = await data(api.POST("/api/v1/libraries", { body: fields }));
  const params = { path: { library_id: made.id } };
  await api.POST("/api/v1/libraries/{library_id}/scan", { params, body: { full: false } });
  return made;
}

const changed = ({ id }: Library, { name, ...rest }: Fields): Promise<Library> =>
  data(
    api.PUT("/api/v1/libraries/{library_id}", {
      params: { path: { library_id: id } },
      body: { ...rest, ...(name ? { name } : {}) },
    }),
  );

/** Asks which folder it is, what it is called, and who may hear it. A new one is scanned at once. */
export function LibraryDialog({ library, onClose }: Props) {
  const { t, i18n } = useLingui();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [fields, setFields] = useState<Fields>({
    path: library?.path ?? "",
    name: library?.name ?? "",
    access: library?.access ?? "members",
    watched: library?.watched ?? true,
    writes_tags: library?.writes_tags ?? false,
  });
  const set = (some: Partial<Fields>) => setFields((before) => ({ ...before, ...some }));
  const sent = { ...fields, path: fields.path.trim(), name: fields.name.trim() };
  const saving = useMutation({
    mutationFn: () => (library ? changed(library, sent) : added(sent)),
    onSuccess: (kept) => {
      onClose();
      if (!library) void navigate({ to: "/admin/libraries/$libraryId", params: { libraryId: kept.id } });
    },
    onSettled: () => client.invalidateQueries({ queryKey: LIBRARIES }),
  });
  const ready = sent.path !== "";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (ready && !saving.isPending) saving.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={library ? t`Change the library` : t`Add a folder`}
      actions={
        <>
          <Button onPress={onClose}>{t`Cancel`}</Button>
          <Button variant="primary" type="submit" form="library" isDisabled={!ready} isPending={saving.isPending}>
            {library ? t`Save` : t`Add and scan`}
          </Button>
        </>
      }
    >
      <form id="library" onSubmit={submit} className="flex flex-col gap-6" noValidate>
        <TextField
          label={t`Folder`}
          help={
            library
              ? t`Where the same files lie now, as a whole path.`
              : t`The whole path of a folder that the server can read, such as /srv/music.`
          }
          value={fields.path}
          onChange={(path) => set({ path })}
          error={useComplaint(saving.error)}
          autoComplete="off"
          maxLength={4096}
          dir="ltr"
          autoFocus
          required
        />
        <TextField
          label={t`Name`}
          help={library ? undefined : t`Empty: as the folder is called.`}
          value={fields.name}
          onChange={(name) => set({ name })}
          autoComplete="off"
          maxLength={100}
          dir="auto"
        />
        <Select
          label={t`Who may hear it`}
          options={LEVELS.map((id) => ({ id, label: i18n._(ACCESS[id]) }))}
          value={fields.access}
          onChange={(access) => set({ access })}
          {...(fields.access === "chosen" ? { help: t`Choose them on the page of the library.` } : {})}
        />
        <Switch
          label={t`Watch for changes`}
          help={t`New and changed files come into the catalogue by themselves.`}
          checked={fields.watched}
          onChange={(watched) => set({ watched })}
        />
        <Switch
          label={t`Write edits into the files`}
          help={t`What people edit here is written into the tags of the files. Off: files are never touched.`}
          checked={fields.writes_tags}
          onChange={(writes_tags) => set({ writes_tags })}
        />
      </form>
    </Dialog>
  );
}

/** What is wrong with the folder, in words. */
function useComplaint(error: unknown): string | null {
  const { t } = useLingui();
  if (!error || onlyChangedTheirMind(error)) return null;
  const about = error instanceof ApiError ? error.field("path")?.code : undefined;
  if (about === "not_absolute") return t`Give the whole path of the folder, from the root.`;
  if (about === "not_a_folder") return t`There is no such folder on the server that it may read.`;
  return errorText(error);
}
