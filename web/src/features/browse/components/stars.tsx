import { Plural, useLingui } from "@lingui/react/macro";
import { Star } from "lucide-react";
import { type KeyboardEvent, useId, useState } from "react";
import { useRating } from "@/features/browse/api/likes";
import { cx } from "@/shared/lib/class-names";
import { decimal } from "@/shared/lib/format";

const ALL = [1, 2, 3, 4, 5];

type Props = { id: string; name: string; autoFocus?: boolean; className?: string };

/**
 * Five stars, a group of radio buttons: arrows move, figures choose, and choosing what is chosen takes it back, as
 * Delete does. Guests see none.
 */
export function Stars({ id, name, autoFocus = false, className = "" }: Props) {
  const { t } = useLingui();
  const group = useId();
  const rating = useRating(id);
  const [pointed, setPointed] = useState(0);
  if (rating === null) return null;
  const { mine, average, raters, rate } = rating;
  const shown = pointed || mine;
  const keys = (event: KeyboardEvent) => {
    const wanted = event.key === "Delete" || event.key === "Backspace" ? 0 : Number(event.key);
    if (event.ctrlKey || event.metaKey || event.altKey || event.key === " " || !ALL.concat(0).includes(wanted)) return;
    event.preventDefault();
    event.stopPropagation();
    rate(wanted);
  };
  return (
    <div className={cx("flex flex-wrap items-center gap-x-3", className)}>
      <fieldset className="flex" onKeyDown={keys} onPointerLeave={() => setPointed(0)}>
        <legend className="sr-only">{t`Rate ${name}`}</legend>
        {ALL.map((stars) => (
          <label
            key={stars}
            onPointerEnter={(event) => event.pointerType === "mouse" && setPointed(stars)}
            className="grid size-8 cursor-pointer place-items-center rounded-sm has-focus-visible:outline-2 has-focus-visible:outline-focus pointer-coarse:size-11"
          >
            <input
              type="radio"
              name={group}
              value={stars}
              checked={mine === stars}
              autoFocus={autoFocus && stars === (mine || 1)}
              onChange={() => rate(stars)}
              onClick={() => mine === stars && rate(0)}
              className="sr-only"
            />
            <span className="sr-only">
              <Plural value={stars} one="# star" other="# stars" />
            </span>
            <Star
              aria-hidden
              fill={stars <= shown ? "currentColor" : "none"}
              className={cx("size-5 transition-colors", stars <= shown ? "text-accent-text" : "text-muted")}
            />
          </label>
        ))}
      </fieldset>
      {average !== null ? (
        <span className="numbers text-sm text-muted">
          <span aria-hidden>⌀ </span>
          <span className="sr-only">{t`On average`} </span>
          {decimal(average)} (<Plural value={raters} one="# rating" other="# ratings" />)
        </span>
      ) : null}
    </div>
  );
}
