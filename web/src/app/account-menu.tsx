import { useLingui } from "@lingui/react/macro";
import { useNavigate } from "@tanstack/react-router";
import { Info, Library, LogOut, Settings, Upload } from "lucide-react";
import { api } from "@/shared/api/client";
import { useMe } from "@/shared/api/me";
import { session } from "@/shared/lib/session";
import { Button } from "@/shared/ui/button";
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
    const current = session.get();
    // The tokens leave this device at once; telling the server may fail without keeping anybody signed in.
    session.end();
    await navigate({ to: "/" });
    toast(t`You are signed out.`);
    if (current)
      await api.POST("/api/v1/auth/logout", { body: { refresh_token: current.refreshToken } }).catch(() => undefined);
  }

  return (
    <Menu
      label={t`Account`}
      trigger={
        <Button
          aria-label={name ? t`Account of ${name}` : t`Account`}
          variant="secondary"
          className="size-11 overflow-hidden px-0 text-sm font-bold"
        >
          <span className="grid size-full place-items-center bg-accent-soft text-accent-text uppercase">
            {initials(name)}
          </span>
        </Button>
      }
      actions={[
        { id: "music", label: t`My music`, icon: <Library />, run: () => void navigate({ to: "/studio" }) },
        { id: "upload", label: t`Upload`, icon: <Upload />, run: () => void navigate({ to: "/studio/upload" }) },
        { id: "settings", label: t`Settings`, icon: <Settings />, run: () => void navigate({ to: "/settings" }) },
        { id: "about", label: t`About Antiphon`, icon: <Info />, run: () => void navigate({ to: "/about" }) },
        { id: "sign-out", label: t`Sign out`, icon: <LogOut />, run: () => void signOut() },
      ]}
    />
  );
}
