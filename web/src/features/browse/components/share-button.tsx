import { useLingui } from "@lingui/react/macro";
import { Share2 } from "lucide-react";
import { useSignedIn } from "@/shared/lib/session";
import { askToShare } from "@/shared/lib/sharing";
import { IconButton } from "@/shared/ui/button";

/** Asks for a link to a work. Guests see none. */
export function ShareButton({ id, name }: { id: string; name: string }) {
  const { t } = useLingui();
  if (!useSignedIn()) return null;
  return (
    <IconButton label={t`Share ${name}`} size="lg" onPress={() => askToShare({ ids: [id], name })}>
      <Share2 aria-hidden className="size-5 text-muted" />
    </IconButton>
  );
}
