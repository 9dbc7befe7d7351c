import { Plural, useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Tag, TagGroup, TagList } from "react-aria-components/TagGroup";
import { type Chosen, letGo } from "@/shared/lib/chosen";

/** More are counted, not listed. */
const SHOWN = 30;

/** What a page works on; each can be let go. */
export function ChosenTags({ items, onChange }: { items: readonly Chosen[]; onChange: () => void }) {
  const { t } = useLingui();
  const rest = items.length - SHOWN;
  return (
    <div className="flex flex-col gap-3">
      <p className="font-semibold">
        <Plural value={items.length} one="# chosen" other="# chosen" />
      </p>
      <TagGroup
        aria-label={t`What is chosen`}
        onRemove={(keys) => {
          for (const key of keys) letGo(String(key));
          onChange();
        }}
      >
        <TagList className="flex flex-wrap gap-2">
          {items.slice(0, SHOWN).map(({ id, name }) => (
            <Tag
              key={id}
              id={id}
              textValue={name}
              className="flex min-h-9 max-w-full items-center gap-1 rounded-full border border-line-strong bg-raised ps-3.5 pe-1 text-sm"
            >
              <span className="max-w-56 truncate" dir="auto">
                {name}
              </span>
              <AriaButton
                slot="remove"
                aria-label={t`Let go of ${name}`}
                className="grid size-7 place-items-center rounded-full text-muted hover:bg-hover hover:text-ink"
              >
                <X aria-hidden className="size-4" />
              </AriaButton>
            </Tag>
          ))}
        </TagList>
      </TagGroup>
      {rest > 0 ? (
        <p className="text-sm text-muted">
          <Plural value={rest} one="and # more" other="and # more" />
        </p>
      ) : null}
    </div>
  );
}
