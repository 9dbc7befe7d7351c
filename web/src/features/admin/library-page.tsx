import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { ArrowLeft, Pencil } from "lucide-react";
import { useState } from "react";
import { api } from "@/shared/api/client";
import { isNotFound } from "@/shared/api/errors";
import type { Library } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { EmptyState } from "@/shared/ui/empty-state";
import { Section } from "@/shared/ui/section";
import { PageSkeleton, PageTitle } from "./layout";
import { LibraryAccess } from "./library-access";
import { LibraryDialog } from "./library-dialog";
import { Missing, Unreadable } from "./library-files";
import { LIBRARIES, libraryQuery } from "./library-queries";
import { ScanState } from "./library-scan";
import { ACCESS } from "./library-words";
import { useDeed } from "./use-deed";

/** One library: its scan, who hears it, what could not be read and what is missing. */
export function AdminLibraryPage() {
  const { t } = useLingui();
  const { libraryId } = useParams({ from: "/admin/libraries/$libraryId" });
  const found = useQuery(libraryQuery(libraryId));
  if (found.isPending) return <PageSkeleton />;
  if (found.isError) {
    const title = isNotFound(found.error) ? t`There is no such library` : t`This library cannot be shown`;
    return (
      <EmptyState heading="h1" title={title}>
        {errorText(found.error)}
      </EmptyState>
    );
  }
  return <Content library={found.data} />;
}

function Content({ library }: { library: Library }) {
  const { t, i18n } = useLingui();
  const [changing, change] = useState(false);
  return (
    <>
      <Link
        to="/admin/$section"
        params={{ section: "libraries" }}
        className="flex min-h-11 items-center gap-2 self-start rounded-md text-sm font-semibold text-muted hover:text-ink"
      >
        <ArrowLeft aria-hidden className="flip-rtl size-4" />
        {t`Libraries`}
      </Link>
      <PageTitle
        title={library.name}
        intro={
          <code dir="ltr" className="text-sm break-all">
            {library.path}
          </code>
        }
        actions={
          <Button onPress={() => change(true)}>
            <Pencil aria-hidden className="size-4" />
            {t`Change`}
          </Button>
        }
      />
      <Section title={t`Scan`} intro={t`Only what has changed is read. Nobody who listens notices.`}>
        <ScanState library={library} whole />
      </Section>
      <Section title={t`Who may hear it`} intro={i18n._(ACCESS[library.access])}>
        {library.access === "chosen" ? (
          <LibraryAccess library={library} />
        ) : (
          <p className="text-sm text-muted">{t`To choose people one by one, change who may hear it to chosen people.`}</p>
        )}
      </Section>
      <Unreadable libraryId={library.id} />
      <Missing libraryId={library.id} />
      <Remove library={library} />
      {changing ? <LibraryDialog library={library} onClose={() => change(false)} /> : null}
    </>
  );
}

function Remove({ library }: { library: Library }) {
  const { t } = useLingui();
  const { name } = library;
  const navigate = useNavigate();
  const [asking, ask] = useState(false);
  const remove = useDeed(
    async () => {
      await api.DELETE("/api/v1/libraries/{library_id}", { params: { path: { library_id: library.id } } });
      await navigate({ to: "/admin/$section", params: { section: "libraries" } });
    },
    t`${name} is being removed.`,
    LIBRARIES,
  );
  return (
    <Section title={t`Remove`} intro={t`Takes the library out of the catalogue. Its files stay where they are.`}>
      <Button variant="danger" className="self-start" isPending={remove.isPending} onPress={() => ask(true)}>
        {t`Remove the library`}
      </Button>
      <ConfirmDialog
        open={asking}
        onClose={() => ask(false)}
        title={t`Remove ${name}?`}
        confirmLabel={t`Remove`}
        onConfirm={() => {
          ask(false);
          remove.mutate(undefined);
        }}
      >
        {t`Likes, plays and places in playlists of its tracks are lost. The files are not touched.`}
      </ConfirmDialog>
    </Section>
  );
}
