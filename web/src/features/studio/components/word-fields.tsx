import { useLingui } from "@lingui/react/macro";
import { useQuery } from "@tanstack/react-query";
import { genresQuery } from "@/features/studio/api/queries";
import { WordsField } from "./words-field";

type Props = { value: readonly string[]; onChange: (words: string[]) => void };

export function GenresField({ value, onChange }: Props) {
  const { t } = useLingui();
  const known = useQuery(genresQuery).data ?? [];
  return (
    <WordsField
      label={t`Genres`}
      placeholder={t`Type a genre and press Enter`}
      chosenLabel={t`Chosen genres`}
      value={value}
      onChange={onChange}
      known={known.map((genre) => genre.name)}
      most={20}
    />
  );
}

export function MoodsField({ value, onChange }: Props) {
  const { t } = useLingui();
  return (
    <WordsField
      label={t`Moods`}
      placeholder={t`Type a mood and press Enter`}
      chosenLabel={t`Chosen moods`}
      value={value}
      onChange={onChange}
    />
  );
}

export function TagsField({ value, onChange }: Props) {
  const { t } = useLingui();
  return (
    <WordsField
      label={t`Tags`}
      placeholder={t`Type a tag and press Enter`}
      chosenLabel={t`Chosen tags`}
      value={value}
      onChange={onChange}
    />
  );
}
