import { useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import type { Image } from "@/shared/api/types";
import type { Draft } from "@/features/studio/model/draft";
import { ConflictNotice, SaveBar, UnsavedGuard } from "./form-parts";
import { StudioPage } from "./page";
import { PictureField } from "./picture-field";
import type { Saving } from "./use-saving";

type Versioned = { id: string; version: number };

type ContentFormProps<Source extends Versioned, Fields extends object> = {
  title: string;
  source: Source;
  draft: Draft<Source, Fields>;
  saving: Saving<Source>;
  /** Nothing is saved while something in the form cannot be right. */
  valid: boolean;
  picture: {
    label: string;
    image: Image | null;
    shape?: "square" | "round";
    send: (picture: Blob) => Promise<Source>;
  };
  actions: ReactNode;
  /** Above the form: what is to be known before one edits. */
  notice?: ReactNode;
  children: ReactNode;
};

/** The form of an artist, an album or a track: its picture, its fields, and saving against the version it was made from. */
export function ContentForm<Source extends Versioned, Fields extends object>(props: ContentFormProps<Source, Fields>) {
  const { t } = useLingui();
  const { title, source, draft, saving, valid, picture, actions, notice, children } = props;
  return (
    <StudioPage title={title} back={{ to: "/studio", label: t`My music` }} actions={actions}>
      <UnsavedGuard dirty={draft.dirty} />
      {notice}
      {saving.conflict ? (
        <ConflictNotice onKeepMine={saving.keepMine} onTakeTheirs={saving.takeTheirs} pending={saving.pending} />
      ) : null}
      <div className="grid items-start gap-8 md:grid-cols-[16rem_1fr]">
        <PictureField
          {...picture}
          seed={source.id}
          onSaved={(saved) => {
            if (!draft.dirty) draft.reset(saved);
          }}
        />
        <div className="flex min-w-0 flex-col gap-6">{children}</div>
      </div>
      <SaveBar
        dirty={draft.dirty}
        pending={saving.pending}
        onDiscard={() => draft.reset(source)}
        onSave={() => valid && saving.submit()}
      />
    </StudioPage>
  );
}
