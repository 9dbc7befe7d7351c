import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useQueries, useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { api, data } from "@/shared/api/client";
import type { Account, Library } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Skeleton } from "@/shared/ui/progress";
import { TextField } from "@/shared/ui/text-field";
import { accessQuery, LIBRARIES } from "./library-queries";
import { accountQuery, accountsQuery } from "./queries";
import { useDeed } from "./use-deed";
import { useRested } from "./use-rested";

/** The people who hear a library that is only for some. */
export function LibraryAccess({ library }: { library: Library }) {
  const { t } = useLingui();
  const access = useQuery(accessQuery(library.id));
  const save = useDeed(
    (user_ids: string[]) =>
      data(
        api.PUT("/api/v1/libraries/{library_id}/access", {
          params: { path: { library_id: library.id } },
          body: { user_ids },
        }),
      ),
    t`Who may hear it is changed.`,
    [...LIBRARIES, library.id, "access"],
  );
  if (access.isPending) return <Skeleton className="h-12" />;
  if (access.isError) return <p className="text-sm text-danger">{errorText(access.error)}</p>;
  const chosen = access.data.user_ids;
  return (
    <>
      {chosen.length === 0 ? <p className="text-muted">{t`Nobody yet.`}</p> : null}
      <Chosen ids={chosen} busy={save.isPending} remove={(id) => save.mutate(chosen.filter((one) => one !== id))} />
      <Finder chosen={chosen} busy={save.isPending} add={(id) => save.mutate([...chosen, id])} />
    </>
  );
}

function Chosen({ ids, busy, remove }: { ids: string[]; busy: boolean; remove: (id: string) => void }) {
  const { t } = useLingui();
  const people = useQueries({ queries: ids.map((id) => accountQuery(id)) });
  if (ids.length === 0) return null;
  return (
    <ul aria-label={t`Who may hear it`} className="-my-2 flex flex-col">
      {people.map(({ data: person }, index) => {
        const id = ids[index] ?? "";
        const name = person?.display_name ?? id;
        return (
          <li key={id} className="flex items-center gap-4 border-b border-line py-2 last:border-b-0">
            <bdi className="min-w-0 flex-1 font-semibold break-words">{name}</bdi>
            <Button size="sm" isDisabled={busy} onPress={() => remove(id)} aria-label={t`Remove ${name}`}>
              {t`Remove`}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}

function Finder({ chosen, busy, add }: { chosen: string[]; busy: boolean; add: (id: string) => void }) {
  const { t } = useLingui();
  const [words, setWords] = useState("");
  const rested = useRested(words);
  const found = useInfiniteQuery({ ...accountsQuery(rested, false), enabled: rested !== "" });
  const people: Account[] = rested ? (found.data?.pages.flatMap((page) => page.items) ?? []) : [];
  const others = people.filter((person) => !chosen.includes(person.id)).slice(0, 8);
  return (
    <div className="flex flex-col gap-2">
      <TextField
        label={t`Add somebody`}
        type="search"
        placeholder={t`Name, handle or email`}
        value={words}
        onChange={setWords}
        autoComplete="off"
      />
      {others.length > 0 ? (
        <ul aria-label={t`Found`} className="flex flex-col">
          {others.map((person) => {
            const name = person.display_name;
            return (
              <li key={person.id} className="flex items-center gap-4 py-2">
                <span className="min-w-0 flex-1 break-words">
                  <bdi className="font-semibold">{name}</bdi>{" "}
                  <bdi dir="ltr" className="text-sm text-muted">
                    @{person.handle}
                  </bdi>
                </span>
                <Button size="sm" isDisabled={busy} onPress={() => add(person.id)} aria-label={t`Add ${name}`}>
                  <UserPlus aria-hidden className="size-4" />
                  {t`Add`}
                </Button>
              </li>
            );
          })}
        </ul>
      ) : null}
    </div>
  );
}
