import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { DoorOpen, ListMusic, ListPlus, UsersRound } from "lucide-react";
import { useEffect } from "react";
import { isLocal, usePlayer } from "@/player";
import type { Jam } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { session, useSignedIn } from "@/shared/lib/session";
import { useTitle } from "@/shared/lib/title";
import { Button, buttonClasses } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { Skeleton } from "@/shared/ui/progress";
import { SortableList } from "@/shared/ui/sortable-list";
import { NowPlaying } from "./now-playing";
import { EntryRow, MemberRow } from "./parts";
import { fetchJam, fetchLinked, joinJam } from "./queries";
import { RoomSettings } from "./room-settings";
import { adds, arranges, room } from "./session";
import { useJam } from "./store";

function Coming({ jam, me }: { jam: Jam; me: string }) {
  const { t } = useLingui();
  const own = usePlayer((state) => state.queue);
  const mine = own.filter((item) => !isLocal(item.trackId)).slice(0, 50);
  const move = ([id]: Iterable<string>, before: string | null) => void (id && room.move(id, before));
  return (
    <section aria-labelledby="coming" className="flex min-w-0 flex-col gap-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h2 id="coming" className="display text-lg">{t`What comes`}</h2>
        {adds(jam) && mine.length > 0 ? (
          <Button size="sm" onPress={() => void room.add(mine.map((item) => item.trackId))}>
            <ListPlus aria-hidden className="size-4" />
            {t`Add my queue`}
          </Button>
        ) : null}
      </div>
      {jam.coming.length === 0 ? (
        <EmptyState icon={<ListMusic />} title={t`Nothing comes after this`}>
          {adds(jam)
            ? t`While you are in the room, what you add to the queue anywhere here is added for everybody.`
            : t`Its hosts add what is heard.`}
        </EmptyState>
      ) : (
        <SortableList
          label={t`What comes`}
          items={jam.coming}
          textOf={(entry) => entry.track?.title ?? ""}
          move={arranges(jam) ? move : null}
          dependencies={[jam, me]}
          className="-mx-2"
        >
          {(entry) => <EntryRow entry={entry} jam={jam} me={me} />}
        </SortableList>
      )}
    </section>
  );
}

function People({ jam, me }: { jam: Jam; me: string }) {
  const { t } = useLingui();
  return (
    <section aria-labelledby="people" className="flex flex-col gap-3">
      <h2 id="people" className="display text-lg">{t`Who is here`}</h2>
      <ul className="flex flex-col">
        {jam.members.map((member) => (
          <MemberRow key={member.user_id} member={member} jam={jam} me={me} />
        ))}
      </ul>
    </section>
  );
}

function Room({ jam }: { jam: Jam }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const me = session.get()?.userId ?? "";
  const leave = () => void room.leave().then(() => navigate({ to: "/" }));
  return (
    <div className="flex flex-col gap-8">
      <NowPlaying jam={jam} me={me} />
      <div className="grid gap-10 lg:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
        <Coming jam={jam} me={me} />
        <div className="flex flex-col gap-8">
          <People jam={jam} me={me} />
          {jam.role === null ? (
            <p className="text-sm text-muted">{t`Sign in to vote and to add what everybody hears.`}</p>
          ) : (
            <RoomSettings jam={jam} />
          )}
          <Button onPress={leave} className="self-start">
            <DoorOpen aria-hidden className="flip-rtl size-4" />
            {t`Leave the room`}
          </Button>
        </div>
      </div>
    </div>
  );
}

/** Before one is in: what plays there, and the way in. */
function Door({ jam, code }: { jam: Jam; code: string }) {
  const { t } = useLingui();
  const signedIn = useSignedIn();
  const join = useMutation({
    mutationFn: () => (signedIn ? joinJam(code) : fetchLinked(code)),
    onSuccess: (found) => {
      room.enter(found, code);
      room.listen();
    },
  });
  const host = jam.members.find((one) => one.role === "host")?.display_name ?? "";
  const others = jam.members.filter((one) => one.here).length;
  return (
    <EmptyState
      icon={<UsersRound />}
      title={t`${host} invites you to listen together`}
      actions={
        <>
          <Button variant="primary" size="lg" onPress={() => join.mutate()} isPending={join.isPending}>
            {t`Come in and listen`}
          </Button>
          {signedIn ? null : (
            <Link to="/sign-in" search={{ next: `/jam/${code}` }} className={buttonClasses("secondary", "lg")}>
              {t`Sign in first`}
            </Link>
          )}
        </>
      }
    >
      {join.isError
        ? errorText(join.error)
        : t`People who are here: ${others}. Everybody hears the same at the same moment.`}
    </EmptyState>
  );
}

export function JamPage() {
  const { t } = useLingui();
  useTitle(t`Listening together`);
  const { code } = useParams({ strict: false }) as { code: string };
  const { jam, over, leaving } = useJam();
  const known = code.startsWith("jam_");
  const inside = jam !== null && (known ? jam.id === code : true);
  const found = useQuery({
    queryKey: ["jam", code],
    queryFn: () => (known ? fetchJam(code) : fetchLinked(code)),
    enabled: !inside && !over && !leaving,
    retry: false,
    staleTime: 0,
  });
  useEffect(() => void room.prepare(), []);
  const answer = found.data;
  useEffect(() => {
    // Whoever is in the room already, on another page or before this one was loaded, is in it here.
    if (answer && answer.role !== null) room.enter(answer);
  }, [answer]);
  useEffect(() => () => useJam.setState({ over: false }), []);
  return (
    <div className="mx-auto flex w-full max-w-6xl flex-col gap-6 px-4 pt-6 sm:px-8">
      <h1 className="display text-2xl">{t`Listening together`}</h1>
      {inside && jam ? (
        <Room jam={jam} />
      ) : over ? (
        <EmptyState icon={<UsersRound />} title={t`This room is over`}>
          {t`It ended, or you were shown out.`}
        </EmptyState>
      ) : found.isPending ? (
        <Skeleton className="h-56" />
      ) : found.isError ? (
        <EmptyState
          icon={<UsersRound />}
          title={t`This room cannot be found`}
          actions={
            session.signedIn() ? null : (
              <Link to="/sign-in" search={{ next: `/jam/${code}` }} className={buttonClasses("primary")}>
                {t`Sign in first`}
              </Link>
            )
          }
        >
          {errorText(found.error)}
        </EmptyState>
      ) : answer && answer.role === null ? (
        <Door jam={answer} code={code} />
      ) : null}
    </div>
  );
}
