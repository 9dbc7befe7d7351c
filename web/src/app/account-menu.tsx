import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import {
  History,
  Info,
  Library,
  LogOut,
  MessagesSquare,
  RadioTower,
  Settings,
  Share2,
  Upload,
  UserCog,
} from "lucide-react";
import { Button as AriaButton } from "react-aria-components/Button";
import { signOut } from "@/shared/api/client";
import { useMe } from "@/shared/api/me";
import { errorText } from "@/shared/lib/error-text";
import { Cover } from "@/shared/ui/cover";
import { Menu } from "@/shared/ui/menu";
import { toast } from "@/shared/ui/toast";

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words[0], words.length > 1 ? words.at(-1) : ""].map((word) => [...(word ?? "")][0] ?? "").join("");
}

export function AccountMenu() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const me = useMe();
  const name = me?.display_name ?? "";

  async function leave() {
    // Away from pages that want somebody signed in, before nobody is.
    await navigate({ to: "/" });
    try {
      await signOut();
      toast(t`You are signed out.`);
    } catch (error) {
      toast(errorText(error), "error");
    }
  }

  return (
    <Menu
      label={t`Account`}
      trigger={
        <AriaButton className="grid size-11 shrink-0 place-items-center rounded-full bg-accent-soft text-sm font-bold text-accent-text">
          {me?.avatar ? (
            <Cover image={me.avatar} alt="" shape="round" sizes="44px" className="size-full" />
          ) : (
            <span aria-hidden className="uppercase">
              {initials(name)}
            </span>
          )}
          <span className="sr-only">{name ? t`Account of ${name}` : t`Account`}</span>
        </AriaButton>
      }
      actions={[
        { id: "listening", label: t`Listening`, icon: <History />, run: () => void navigate({ to: "/listening" }) },
        { id: "radio", label: t`Radio`, icon: <RadioTower />, run: () => void navigate({ to: "/radio" }) },
        { id: "chat", label: t`Chat`, icon: <MessagesSquare />, run: () => void navigate({ to: "/chat" }) },
        { id: "music", label: t`My music`, icon: <Library />, run: () => void navigate({ to: "/studio" }) },
        { id: "upload", label: t`Upload`, icon: <Upload />, run: () => void navigate({ to: "/studio/upload" }) },
        { id: "shares", label: t`Shared links`, icon: <Share2 />, run: () => void navigate({ to: "/shares" }) },
        { id: "settings", label: t`Settings`, icon: <Settings />, run: () => void navigate({ to: "/settings" }) },
        ...(me?.roles.some((role) => role === "admin" || role === "moderator")
          ? [{ id: "admin", label: t`Administration`, icon: <UserCog />, run: () => void navigate({ to: "/admin" }) }]
          : []),
        { id: "about", label: t`About Antiphon`, icon: <Info />, run: () => void navigate({ to: "/about" }) },
        { id: "sign-out", label: t`Sign out`, icon: <LogOut />, run: () => void leave() },
      ]}
    />
  );
}
