import { useLingui } from "@lingui/react/macro";
import {
  ChevronDown,
  ChevronUp,
  Crown,
  EllipsisVertical,
  GripVertical,
  Trash2,
  UserMinus,
  VolumeX,
} from "lucide-react";
import { useEffect, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import type { Jam, JamEntry, JamMember } from "@/shared/api/types";
import { cx } from "@/shared/lib/class-names";
import { clockTime } from "@/shared/lib/format";
import { Badge } from "@/shared/ui/badge";
import { IconButton } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { Menu, type MenuAction } from "@/shared/ui/menu";
import { sayFailure } from "@/shared/ui/say-failure";
import { setRole, showOut } from "./queries";
import { arranges, controls, room } from "./session";

const LOOK_MS = 500;

/** Milliseconds into what the room plays. */
export function useRoomPosition(): number {
  const [position, setPosition] = useState(room.positionMs);
  useEffect(() => {
    const timer = setInterval(() => setPosition(room.positionMs()), LOOK_MS);
    return () => clearInterval(timer);
  }, []);
  return position;
}

/** What stands for a track that this person may not hear. */
export function useEntryName(entry: JamEntry | null): { title: string; artist: string } {
  const { t } = useLingui();
  if (!entry) return { title: t`Nothing plays`, artist: "" };
  if (!entry.track) return { title: t`A track that is not open to you`, artist: t`You hear silence and stay in step.` };
  return { title: entry.track.title, artist: entry.track.artist.name };
}

function Votes({ entry, title }: { entry: JamEntry; title: string }) {
  const { t } = useLingui();
  const vote = (value: number) =>
    void room.tell({ kind: "vote", entry: entry.id, value: entry.my_vote === value ? 0 : value });
  const score = entry.score;
  return (
    <div className="flex shrink-0 items-center">
      <IconButton size="sm" label={t`Vote for ${title}: sooner`} pressed={entry.my_vote === 1} onPress={() => vote(1)}>
        <ChevronUp aria-hidden className="size-5" />
      </IconButton>
      <span className="numbers w-6 text-center text-sm font-semibold">
        <span aria-hidden>{score}</span>
        <span className="sr-only">{t`Votes: ${score}`}</span>
      </span>
      <IconButton
        size="sm"
        label={t`Vote against ${title}: later`}
        pressed={entry.my_vote === -1}
        onPress={() => vote(-1)}
      >
        <ChevronDown aria-hidden className="size-5" />
      </IconButton>
    </div>
  );
}

/** One of those that come. */
export function EntryRow({ entry, jam, me }: { entry: JamEntry; jam: Jam; me: string }) {
  const { t } = useLingui();
  const { title, artist } = useEntryName(entry);
  const decides = controls(jam);
  const ordered = arranges(jam);
  const by = jam.members.find((one) => one.user_id === entry.added_by)?.display_name;
  const actions: MenuAction[] = [];
  if (decides)
    actions.push({ id: "now", label: t`Play now`, run: () => void room.tell({ kind: "jump", entry: entry.id }) });
  if (ordered) {
    const first = jam.coming.find((one) => one.id !== entry.id)?.id ?? null;
    const up = { id: "first", label: t`Make it the first`, run: () => room.move(entry.id, first) };
    const end = () => room.move(entry.id, null);
    actions.push(up, { id: "last", label: t`Make it the last`, run: end });
  }
  if (decides || entry.added_by === me) {
    const drop = () => void room.tell({ kind: "remove", entry: entry.id });
    actions.push({ id: "remove", label: t`Remove`, icon: <Trash2 />, tone: "danger", run: drop });
  }
  return (
    <>
      {ordered ? (
        <AriaButton
          slot="drag"
          aria-label={t`Move ${title}`}
          className="grid h-11 w-6 shrink-0 cursor-grab place-items-center rounded-sm text-faint"
        >
          <GripVertical aria-hidden className="size-5" />
        </AriaButton>
      ) : null}
      <Cover
        image={entry.track?.cover ?? null}
        alt=""
        seed={entry.content_id}
        sizes="44px"
        className="size-11 shrink-0"
      />
      <div className="min-w-0 flex-1">
        <p className={cx("truncate font-semibold", !entry.track && "text-muted")} dir="auto">
          {title}
        </p>
        <p className="truncate text-sm text-muted" dir="auto">
          {by && entry.track ? t`${artist} · added by ${by}` : artist}
        </p>
      </div>
      <span className="numbers hidden text-sm text-muted sm:block">{clockTime(entry.duration_ms)}</span>
      {jam.role !== null && jam.options.by_votes ? <Votes entry={entry} title={title} /> : null}
      {actions.length > 0 ? (
        <Menu
          label={t`Actions for ${title}`}
          trigger={
            <IconButton label={t`Actions for ${title}`} size="sm" className="text-muted">
              <EllipsisVertical aria-hidden className="size-5" />
            </IconButton>
          }
          actions={actions}
        />
      ) : null}
    </>
  );
}

export function useRoleName(): (role: JamMember["role"]) => string {
  const { t } = useLingui();
  const names = { host: t`Host`, co_host: t`Co-host`, listener: t`Listener` };
  return (role) => names[role];
}

/** Somebody in the room, and what its host may do with them. */
export function MemberRow({ member, jam, me }: { member: JamMember; jam: Jam; me: string }) {
  const { t } = useLingui();
  const roleName = useRoleName();
  const name = member.display_name;
  const give = (role: JamMember["role"]) => () =>
    void setRole(jam.id, member.user_id, role).then(room.take).catch(sayFailure);
  const actions: MenuAction[] = [
    member.role === "co_host"
      ? { id: "listener", label: t`Make a listener`, run: give("listener") }
      : { id: "co_host", label: t`Make a co-host`, run: give("co_host") },
    { id: "host", label: t`Hand the room over`, icon: <Crown />, run: give("host") },
    {
      id: "out",
      label: t`Show out`,
      icon: <UserMinus />,
      tone: "danger",
      run: () => void showOut(jam.id, member.user_id).catch(sayFailure),
    },
  ];
  return (
    <li className="flex min-h-12 items-center gap-3">
      <span
        aria-hidden
        className={cx("size-2.5 shrink-0 rounded-full", member.here ? "bg-success" : "border border-line-strong")}
      />
      <p className="min-w-0 flex-1 truncate">
        <bdi className="font-semibold">{name}</bdi>
        {member.user_id === me ? <span className="text-muted"> {t`(you)`}</span> : null}
        <span className="sr-only">{member.here ? t`, here` : t`, away`}</span>
      </p>
      {member.skips ? <VolumeX aria-label={t`wants to skip`} className="size-4 text-muted" /> : null}
      <Badge tone={member.role === "listener" ? "plain" : "accent"}>{roleName(member.role)}</Badge>
      {jam.role === "host" && member.user_id !== me ? (
        <Menu
          label={t`Actions for ${name}`}
          trigger={
            <IconButton label={t`Actions for ${name}`} size="sm" className="text-muted">
              <EllipsisVertical aria-hidden className="size-5" />
            </IconButton>
          }
          actions={actions}
        />
      ) : null}
    </li>
  );
}
