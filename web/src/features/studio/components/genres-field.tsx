import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useId, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Tag, TagGroup, TagList } from "react-aria-components/TagGroup";
import { Input, Label, TextField } from "react-aria-components/TextField";
import { fieldClasses } from "@/shared/ui/fields";
import { genresQuery } from "@/features/studio/api/queries";

const MOST = 10;

/** Genres as tags: typed, finished with Enter or a comma, removed with Delete. */
export function GenresField({ value, onChange }: { value: readonly string[]; onChange: (genres: string[]) => void }) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const known = useQuery(genresQuery).data ?? [];
  const list = useId();
  const add = (name: string): void => {
    const genre = name.trim().replace(/\s+/g, " ");
    setText("");
    if (!genre || value.length >= MOST) return;
    if (!value.some((other) => other.toLowerCase() === genre.toLowerCase())) onChange([...value, genre]);
  };
  return (
    <div className="flex flex-col gap-2.5">
      <TextField
        value={text}
        onChange={(typed) => (/[,、،]$/.test(typed) ? add(typed.slice(0, -1)) : setText(typed))}
        className="flex flex-col gap-1.5"
      >
        <Label className="text-sm font-semibold">{t`Genres`}</Label>
        <Input
          list={list}
          dir="auto"
          placeholder={t`Type a genre and press Enter`}
          className={fieldClasses}
          onBlur={() => add(text)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add(text);
          }}
        />
      </TextField>
      <datalist id={list}>
        {known.map((genre) => (
          <option key={genre.id} value={genre.name} />
        ))}
      </datalist>
      {value.length > 0 ? (
        <TagGroup
          aria-label={t`Chosen genres`}
          onRemove={(keys) => onChange(value.filter((genre) => !keys.has(genre)))}
        >
          <TagList className="flex flex-wrap gap-2">
            {value.map((genre) => (
              <Tag
                key={genre}
                id={genre}
                textValue={genre}
                className="flex min-h-9 items-center gap-1 rounded-full border border-line-strong bg-raised ps-3.5 pe-1 text-sm font-semibold"
              >
                <span dir="auto">{genre}</span>
                <AriaButton
                  slot="remove"
                  aria-label={t`Remove ${genre}`}
                  className="grid size-7 place-items-center rounded-full text-muted hover:bg-hover hover:text-ink"
                >
                  <X aria-hidden className="size-4" />
                </AriaButton>
              </Tag>
            ))}
          </TagList>
        </TagGroup>
      ) : null}
    </div>
  );
}
