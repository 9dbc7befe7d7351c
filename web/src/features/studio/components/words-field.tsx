import { useLingui } from "@lingui/react/macro";
import { X } from "lucide-react";
import { useId, useState } from "react";
import { Button as AriaButton } from "react-aria-components/Button";
import { Tag, TagGroup, TagList } from "react-aria-components/TagGroup";
import { Input, Label, TextField } from "react-aria-components/TextField";
import { fieldClasses } from "@/shared/ui/fields";

type WordsFieldProps = {
  label: string;
  placeholder: string;
  /** Names the list of those that are chosen. */
  chosenLabel: string;
  value: readonly string[];
  onChange: (words: string[]) => void;
  /** Offered while one types. */
  known?: readonly string[];
  /** No more than the server takes. */
  most?: number;
};

/** Words as tags: typed, finished with Enter or a comma, removed with Delete. */
export function WordsField({
  label,
  placeholder,
  chosenLabel,
  value,
  onChange,
  known = [],
  most = 30,
}: WordsFieldProps) {
  const { t } = useLingui();
  const [text, setText] = useState("");
  const list = useId();
  const add = (name: string): void => {
    const word = name.trim().replace(/\s+/g, " ");
    setText("");
    if (!word || value.length >= most) return;
    if (!value.some((other) => other.toLowerCase() === word.toLowerCase())) onChange([...value, word]);
  };
  return (
    <div className="flex flex-col gap-2.5">
      <TextField
        value={text}
        onChange={(typed) => (/[,、،]$/.test(typed) ? add(typed.slice(0, -1)) : setText(typed))}
        className="flex flex-col gap-1.5"
      >
        <Label className="text-sm font-semibold">{label}</Label>
        <Input
          {...(known.length > 0 ? { list } : {})}
          dir="auto"
          placeholder={placeholder}
          maxLength={60}
          className={fieldClasses}
          onBlur={() => add(text)}
          onKeyDown={(event) => {
            if (event.key !== "Enter") return;
            event.preventDefault();
            add(text);
          }}
        />
      </TextField>
      {known.length > 0 ? (
        <datalist id={list}>
          {known.map((word) => (
            <option key={word} value={word} />
          ))}
        </datalist>
      ) : null}
      {value.length > 0 ? (
        <TagGroup aria-label={chosenLabel} onRemove={(keys) => onChange(value.filter((word) => !keys.has(word)))}>
          <TagList className="flex flex-wrap gap-2">
            {value.map((word) => (
              <Tag
                key={word}
                id={word}
                textValue={word}
                className="flex min-h-9 items-center gap-1 rounded-full border border-line-strong bg-raised ps-3.5 pe-1 text-sm font-semibold"
              >
                <span dir="auto">{word}</span>
                <AriaButton
                  slot="remove"
                  aria-label={t`Remove ${word}`}
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
