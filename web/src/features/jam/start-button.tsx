import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { UsersRound } from "lucide-react";
import { isLocal, player, playerStore } from "@/player";
import { newUuid } from "@/shared/lib/uuid";
import { IconButton } from "@/shared/ui/button";
import { sayFailure } from "@/shared/ui/say-failure";
import { openJam } from "./queries";
import { room } from "./session";

const MOST = 500;

/** Opens a room with what this device is about to play, and goes there. */
export function TogetherButton({ onDone }: { onDone?: () => void }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const open = useMutation({
    mutationFn: () => {
      const { queue, index, status } = playerStore.getState();
      const sounds = status === "playing" || status === "loading" || status === "buffering";
      const items = queue.slice(Math.max(0, index)).filter((item) => !isLocal(item.trackId));
      const entries = items.slice(0, MOST).map((item) => ({ id: newUuid(), content_id: item.trackId }));
      return openJam(entries, Math.max(0, Math.round(player.positionMs())), sounds);
    },
    onSuccess: (jam) => {
      room.enter(jam);
      room.listen();
      onDone?.();
      void navigate({ to: "/jam/$code", params: { code: jam.id } });
    },
    onError: sayFailure,
  });
  return (
    <IconButton label={t`Listen together`} onPress={() => open.mutate()} isPending={open.isPending}>
      <UsersRound aria-hidden className="size-5" />
    </IconButton>
  );
}
