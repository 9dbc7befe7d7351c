import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { MessagesSquare, Send, Trash2 } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Failed, Loading, RowsSkeleton } from "@/features/browse/components/states";
import { useMe } from "@/shared/api/me";
import type { Message } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { longDate, timeOfDay } from "@/shared/lib/format";
import { useTitle } from "@/shared/lib/title";
import { Button, IconButton } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { TextField } from "@/shared/ui/fields";
import { sayFailure } from "@/shared/ui/say-failure";
import { byDay } from "./days";
import { say, takeBack, useMessages } from "./queries";

const LONGEST = 2_000;

function Said({ message, own }: { message: Message; own: boolean }) {
  const { t } = useLingui();
  const remove = useMutation({ mutationFn: () => takeBack(message.id), onError: sayFailure });
  const when = timeOfDay(message.sent_at);
  return (
    <li className={cx("group flex max-w-prose items-end gap-1", own && "self-end")}>
      {own ? (
        <IconButton
          label={t`Take back what you said at ${when}`}
          size="sm"
          className="text-muted opacity-0 group-hover:opacity-100 group-focus-within:opacity-100 pointer-coarse:opacity-100"
          onPress={() => remove.mutate()}
          isPending={remove.isPending}
        >
          <Trash2 aria-hidden className="size-4" />
        </IconButton>
      ) : null}
      <div className={cx("min-w-0 rounded-lg px-4 py-2.5", own ? "bg-accent-soft" : "border border-line bg-raised")}>
        <p className="flex items-baseline gap-3 text-sm text-muted">
          <bdi className="font-semibold text-ink">{message.display_name}</bdi>
          <time dateTime={message.sent_at} className="numbers">
            {when}
          </time>
        </p>
        <p className="whitespace-pre-line [overflow-wrap:anywhere]" dir="auto">
          {message.text}
        </p>
      </div>
    </li>
  );
}

function Writing() {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const send = useMutation({ mutationFn: say, onSuccess: () => setText(""), onError: sayFailure });
  const submit = () => {
    if (text.trim() && !send.isPending) send.mutate(text);
  };
  return (
    <form
      className="sticky bottom-[calc(var(--player-height)+var(--bar-height))] flex items-end gap-3 border-t border-line bg-surface py-3"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
        event.preventDefault();
        submit();
      }}
    >
      <TextField
        label={t`Message`}
        hideLabel
        placeholder={t`Say something to everybody`}
        rows={2}
        value={text}
        onChange={setText}
        maxLength={LONGEST}
        dir="auto"
        className="min-w-0 flex-1"
      />
      <Button type="submit" variant="primary" isDisabled={!text.trim()} isPending={send.isPending}>
        <Send aria-hidden className="flip-rtl size-4" />
        {t`Send`}
      </Button>
    </form>
  );
}

/** The room where everybody who has an account talks. */
export function ChatPage() {
  const { t } = useLingui();
  useTitle(t`Chat`);
  const me = useMe();
  const messages = useMessages();
  const end = useRef<HTMLDivElement>(null);
  const last = messages.data?.at(-1)?.id;
  useEffect(() => {
    if (last) end.current?.scrollIntoView({ block: "end" });
  }, [last]);
  return (
    <div className="mx-auto flex w-full max-w-4xl flex-col gap-6 px-4 pt-6 sm:px-8">
      <h1 className="display text-3xl">{t`Chat`}</h1>
      {messages.isError ? <Failed error={messages.error} retry={() => void messages.refetch()} /> : null}
      {messages.isPending ? (
        <Loading>
          <RowsSkeleton rows={5} />
        </Loading>
      ) : null}
      {messages.data?.length === 0 ? (
        <EmptyState icon={<MessagesSquare />} title={t`Nobody has said anything yet`}>
          {t`Everybody who has an account here reads what is written.`}
        </EmptyState>
      ) : null}
      <div role="log" aria-label={t`What was said`} className="flex flex-col gap-6">
        {byDay(messages.data ?? [], (one) => one.sent_at).map(({ day, items }) => (
          <section key={day} className="flex flex-col gap-3">
            <h2 className="self-center rounded-full bg-sunken px-4 py-1 text-sm font-semibold text-muted">
              {longDate(day)}
            </h2>
            <ol className="flex flex-col items-start gap-2">
              {items.map((message) => (
                <Said key={message.id} message={message} own={message.user_id === me?.id} />
              ))}
            </ol>
          </section>
        ))}
      </div>
      <Writing />
      <div ref={end} className="scroll-mb-[calc(var(--player-height)+var(--bar-height)+1rem)]" />
    </div>
  );
}
