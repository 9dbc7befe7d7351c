import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Info, Library, LogOut, Settings, Upload, UserCog } from "lucide-react";
import { Button as AriaButton } from "react-aria-components/Button";
import { accessToken, api } from "@/shared/api/client";
import { useMe } from "@/shared/api/me";
import { session } from "@/shared/lib/session";
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

  async function signOut() {
    // A token that has just run out is renewed first: the server ends only sessions whose owner asks.
    const token = await accessToken().catch(() => null);
    const current = session.get();
    await navigate({ to: "/" });
    session.end();
    toast(t`You are signed out.`);
    if (!token || !current) return;
    const headers = { Authorization: `Bearer ${token}` };
    const body = { refresh_token: current.refreshToken };
    // This device has forgotten its tokens already; without a connection they run out by themselves.
    await api.POST("/api/v1/auth/logout", { body, headers }).catch(() => undefined);
  }

  return (
    <Menu
      label={t`Account`}
      trigger={
        <AriaButton className="grid size-11 shrink-0 place-items-center rounded-full bg-accent-soft text-sm font-bold text-accent-text">
          <span aria-hidden className="uppercase">
            {initials(name)}
          </span>
          <span className="sr-only">{name ? t`Account of ${name}` : t`Account`}</span>
        </AriaButton>
      }
      actions={[
        { id: "music", label: t`My music`, icon: <Library />, run: () => void navigate({ to: "/studio" }) },
        { id: "upload", label: t`Upload`, icon: <Upload />, run: () => void navigate({ to: "/studio/upload" }) },
        { id: "settings", label: t`Settings`, icon: <Settings />, run: () => void navigate({ to: "/settings" }) },
        ...(me?.roles.includes("admin")
          ? [{ id: "admin", label: t`Administration`, icon: <UserCog />, run: () => void navigate({ to: "/admin" }) }]
          : []),
        { id: "about", label: t`About Antiphon`, icon: <Info />, run: () => void navigate({ to: "/about" }) },
        { id: "sign-out", label: t`Sign out`, icon: <LogOut />, run: () => void signOut() },
      ]}
    />
  );
}
