import { Trans } from "@lingui/react/macro";
import { Link } from "@tanstack/react-router";
import { History } from "lucide-react";
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
