import { useLingui } from "@lingui/react/macro";
import { Heart } from "lucide-react";
import { cx } from "@/shared/lib/class-names";
import { type ButtonSize, IconButton } from "@/shared/ui/button";
import { useLike } from "@/features/browse/api/likes";

type Props = { id: string; name: string; size?: ButtonSize; className?: string };

/** A heart that fills when it is pressed. Guests see none. */
export function LikeButton({ id, name, size = "md", className = "" }: Props) {
  const { t } = useLingui();
  const like = useLike(id);
  if (like === null) return null;
  return (
    <IconButton label={t`Like ${name}`} size={size} pressed={like.liked} className={className} onPress={like.toggle}>
      <Heart
        aria-hidden
        fill={like.liked ? "currentColor" : "none"}
        className={cx(size === "lg" ? "size-6" : "size-5", like.liked ? "text-accent-text" : "text-muted")}
      />
    </IconButton>
  );
}
