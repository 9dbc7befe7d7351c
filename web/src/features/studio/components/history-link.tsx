import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { History, Split } from "lucide-react";
import { buttonClasses } from "@/shared/ui/button";

/** To who changed what of it. */
export function HistoryLink({ id }: { id: string }) {
  return (
    <Link to="/keeping/history/$contentId" params={{ contentId: id }} className={buttonClasses("ghost")}>
      <History aria-hidden className="size-4" />
      <Trans>History</Trans>
    </Link>
  );
}

/** To making two of it. */
export function SplitLink({ id }: { id: string }) {
  return (
    <Link to="/keeping/split/$contentId" params={{ contentId: id }} className={buttonClasses("ghost")}>
      <Split aria-hidden className="size-4" />
      <Trans>Split</Trans>
    </Link>
  );
}
