import { Plural, useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Pencil, Share2, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Share } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { dateAndTime, longDate } from "@/shared/lib/format";
import { Button, buttonClasses } from "@/shared/ui/button";
import { CopyField } from "@/shared/ui/copy-field";
import { Cover } from "@/shared/ui/cover";
import { ConfirmDialog } from "@/shared/ui/dialog";
import { EmptyState } from "@/shared/ui/empty-state";
import { Page } from "@/shared/ui/page";
import { Skeleton } from "@/shared/ui/progress";
import { sayFailure } from "@/shared/ui/say-failure";
import { changeShare, deleteShare, endOf, type Life, sharesQuery } from "./queries";
import { ShareForm } from "./share-form";
import { useShareName } from "./share-name";

function Change({ share, onClose }: { share: Share; onClose: () => void }) {
  const { t } = useLingui();
  const save = useMutation<Share, Error, { description: string; life: Life | "as_is" | "now" }>({
    mutationFn: ({ description, life }) => {
      const end = life === "as_is" ? {} : { expires_at: life === "now" ? new Date().toISOString() : endOf(life) };
      return changeShare(share.id, { description, ...end });
    },
    onSuccess: onClose,
  });
  return (
    <ShareForm<"as_is" | "now">
      title={t`Change the link`}
      action={t`Save`}
      description={share.description}
      before={[{ id: "as_is", label: t`As it is` }]}
      after={[{ id: "now", label: t`End it now` }]}
      pending={save.isPending}
      error={save.error}
      onSubmit={(description, life) => save.mutate({ description, life })}
      onClose={onClose}
    />
  );
}

function Facts({ share }: { share: Share }) {
  const { t } = useLingui();
  const made = longDate(share.created_at);
  const end = share.expires_at;
  const when = end ? dateAndTime(end) : "";
  const over = end !== null && Date.parse(end) <= Date.now();
  return (
    <p className="flex flex-wrap gap-x-2 text-sm text-muted">
      <span>{t`Made on ${made}`}</span>
      <span aria-hidden>·</span>
      <Plural value={share.visits} _0="Never opened" one="Opened # time" other="Opened # times" />
      <span aria-hidden>·</span>
      {over ? (
        <strong className="text-danger">{t`Over since ${when}`}</strong>
      ) : (
        <span>{end ? t`Until ${when}` : t`Without an end`}</span>
      )}
    </p>
  );
}

function Card({ share }: { share: Share }) {
  const { t } = useLingui();
  const [open, setOpen] = useState<"change" | "delete" | null>(null);
  const close = () => setOpen(null);
  const remove = useMutation({ mutationFn: () => deleteShare(share.id), onSuccess: close, onError: sayFailure });
  const [first] = share.works;
  const name = useShareName(share.works);
  return (
    <li className="flex flex-col gap-4 rounded-lg border border-line bg-raised p-4 sm:p-5">
      <div className="flex items-center gap-4">
        <Cover
          image={first?.album?.cover ?? first?.track?.cover ?? first?.artist?.image}
          alt=""
          seed={share.id}
          sizes="64px"
          className="size-16 shrink-0 rounded-md"
        />
        <div className="flex min-w-0 flex-1 flex-col gap-1">
          <h2 className="truncate text-lg font-semibold" dir="auto">
            {name}
          </h2>
          {share.description ? (
            <p className="line-clamp-2 text-muted" dir="auto">
              {share.description}
            </p>
          ) : null}
          <Facts share={share} />
        </div>
      </div>
      <CopyField label={t`Link`} value={share.url} />
      <div className="flex flex-wrap gap-3">
        <a
          href={new URL(share.url).pathname}
          target="_blank"
          rel="noopener"
          className={buttonClasses("secondary", "sm")}
        >
          {t`Open`}
          <span className="sr-only"> {name}</span>
        </a>
        <Button size="sm" onPress={() => setOpen("change")}>
          <Pencil aria-hidden className="size-4" />
          {t`Change`}
          <span className="sr-only"> {name}</span>
        </Button>
        <Button size="sm" onPress={() => setOpen("delete")}>
          <Trash2 aria-hidden className="size-4" />
          {t`Delete`}
          <span className="sr-only"> {name}</span>
        </Button>
      </div>
      {open === "change" ? <Change share={share} onClose={close} /> : null}
      <ConfirmDialog
        open={open === "delete"}
        onClose={close}
        onConfirm={() => remove.mutate()}
        title={t`Delete the link?`}
        confirmLabel={t`Delete`}
        pending={remove.isPending}
      >
        {t`Whoever has it hears nothing by it any more. The music stays where it is.`}
      </ConfirmDialog>
    </li>
  );
}

/** The links that somebody made, the newest first. */
export function SharesPage() {
  const { t } = useLingui();
  const found = useQuery(sharesQuery);
  return (
    <Page
      title={t`Shared links`}
      intro={t`Whoever has one of these links hears what is behind it, without an account.`}
    >
      {found.isPending ? <Skeleton className="h-40" /> : null}
      {found.isError ? (
        <EmptyState
          title={t`This did not load`}
          actions={<Button variant="primary" onPress={() => void found.refetch()}>{t`Try again`}</Button>}
        >
          {errorText(found.error)}
        </EmptyState>
      ) : null}
      {found.data?.length === 0 ? (
        <EmptyState icon={<Share2 />} title={t`Nothing shared yet`}>
          {t`Albums, tracks and playlists have a way to share them on their pages and in their menus.`}
        </EmptyState>
      ) : null}
      <ul className="flex flex-col gap-4">
        {found.data?.map((share) => (
          <Card key={share.id} share={share} />
        ))}
      </ul>
    </Page>
  );
}
