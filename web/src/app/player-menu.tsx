import { useLingui } from "@lingui/react/macro";
import { Ellipsis, EyeOff, PictureInPicture2, SlidersHorizontal } from "lucide-react";
import { usePrivateSwitch, usePrivateUntil } from "@/shared/api/preferences";
import { timeOfDay } from "@/shared/lib/format";
import { IconButton } from "@/shared/ui/button";
import { Menu, type MenuAction } from "@/shared/ui/menu";
import { sayFailure } from "@/shared/ui/say-failure";
import { toast } from "@/shared/ui/toast";
import { miniPlayerPresent, openMiniPlayer } from "./mini-window";
import { ActiveDot } from "./player-parts";
import type { Overlay } from "./shell";

/** What is asked of the player less often. With `open` also what else lies over the page. */
export function PlayerMenu({ open }: { open?: (overlay: Overlay) => void }) {
  const { t } = useLingui();
  const until = usePrivateUntil();
  const change = usePrivateSwitch(sayFailure);
  const switchTo = (on: boolean) =>
    change.mutate(on, {
      onSuccess: () =>
        toast(on ? t`Private session: nobody else sees what you hear.` : t`The private session has ended.`, "success"),
    });
  const privately: MenuAction[] =
    until === undefined
      ? []
      : [
          {
            id: "private",
            label: until === null ? t`Start a private session` : t`End the private session`,
            icon: <EyeOff />,
            run: () => switchTo(until === null),
          },
        ];
  const mini: MenuAction[] = miniPlayerPresent()
    ? [
        {
          id: "mini",
          label: t`Mini player`,
          icon: <PictureInPicture2 />,
          run: () => void openMiniPlayer().catch(sayFailure),
        },
      ]
    : [];
  const sound: MenuAction[] = open
    ? [{ id: "sound", label: t`Sound`, icon: <SlidersHorizontal />, run: () => open("sound") }]
    : [];
  const actions = [...mini, ...privately, ...sound];
  if (actions.length === 0) return null;
  return (
    <Menu
      label={t`More of the player`}
      trigger={
        <IconButton label={t`More of the player`}>
          <Ellipsis aria-hidden className="size-5" />
        </IconButton>
      }
      actions={actions}
    />
  );
}

/** Shows that nobody sees what is heard, as long as that is so, and ends it. */
export function PrivateMark() {
  const { t } = useLingui();
  const until = usePrivateUntil();
  const change = usePrivateSwitch(sayFailure);
  if (!until) return null;
  const end = timeOfDay(until);
  return (
    <IconButton
      label={t`Private session until ${end}: end it`}
      pressed
      onPress={() => change.mutate(false)}
      isPending={change.isPending}
      className="text-accent-text!"
    >
      <EyeOff aria-hidden className="size-5" />
      <ActiveDot />
    </IconButton>
  );
}
