import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ChevronRight, FolderPlus, FolderTree } from "lucide-react";
import { useState } from "react";
import type { Library } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { PageSkeleton, PageTitle } from "./layout";
import { LibraryDialog } from "./library-dialog";
import { librariesQuery } from "./library-queries";
import { ScanState } from "./library-scan";
import { ACCESS } from "./library-words";

/** Folders of the server whose music is in the catalogue. */
export default function LibrariesPage() {
  const { t } = useLingui();
  const found = useQuery(librariesQuery);
  const [adding, add] = useState(false);
  const button = (
    <Button variant="primary" onPress={() => add(true)}>
      <FolderPlus aria-hidden className="size-5" />
      {t`Add a folder`}
    </Button>
  );
  return (
    <>
      <PageTitle
        title={t`Libraries`}
        intro={t`Folders of the server whose music can be heard here. The files stay where they are.`}
        actions={found.data?.length ? button : null}
      />
      {found.isPending ? <PageSkeleton /> : null}
      {found.isError ? <EmptyState title={t`The list cannot be shown`}>{errorText(found.error)}</EmptyState> : null}
      {found.data?.length === 0 ? (
        <EmptyState icon={<FolderTree />} title={t`No library yet`} actions={button}>
          {t`Name the folder in which your music lies. A scan puts it into the catalogue, usually within minutes.`}
        </EmptyState>
      ) : null}
      {found.data?.length ? (
        <ul aria-label={t`Libraries`} className="flex flex-col border-b border-line">
          {found.data.map((library) => (
            <Row key={library.id} library={library} />
          ))}
        </ul>
      ) : null}
      {adding ? <LibraryDialog onClose={() => add(false)} /> : null}
    </>
  );
}

function Row({ library }: { library: Library }) {
  const { t, i18n } = useLingui();
  return (
    <li className="flex flex-col gap-4 border-t border-line py-6">
      <Link
        to="/admin/libraries/$libraryId"
        params={{ libraryId: library.id }}
        className="-mx-3 flex items-center gap-4 rounded-md px-3 py-2 transition-colors hover:bg-hover"
      >
        <span className="flex min-w-0 flex-1 flex-col gap-0.5">
          <bdi className="font-semibold break-words">{library.name}</bdi>
          <code dir="ltr" className="text-sm break-all text-muted rtl:text-end">
            {library.path}
          </code>
          <span className="text-sm text-muted">
            {i18n._(ACCESS[library.access])}
            {library.watched ? <> · {t`Watched for changes`}</> : null}
          </span>
        </span>
        <ChevronRight aria-hidden className="flip-rtl size-5 shrink-0 text-muted" />
      </Link>
      <ScanState library={library} />
    </li>
  );
}
