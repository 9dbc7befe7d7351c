import { useLingui } from "@lingui/react/macro";
import { closeRating, type RatedWork } from "@/shared/lib/rate";
import { Dialog } from "@/shared/ui/dialog";
import { Stars } from "./stars";

/** The stars of a work that was chosen in a menu. */
export function RateDialog({ work }: { work: RatedWork }) {
  const { t } = useLingui();
  const name = work.name;
  return (
    <Dialog open onClose={closeRating} title={t`Rate ${name}`} size="sm">
      <Stars id={work.id} name={name} autoFocus className="justify-center pb-2" />
      <p className="text-sm text-muted">{t`A figure from 1 to 5 rates as well; 0 takes the rating back.`}</p>
    </Dialog>
  );
}
