import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Plus, Tags } from "lucide-react";
import { useState } from "react";
import { useMe } from "@/shared/api/me";
import { Button } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";
import { TextField } from "@/shared/ui/fields";
import { NameDialog } from "@/shared/ui/name-dialog";
import { NotForYou } from "@/features/studio/components/may-edit";
import { createGenre, genreTreeQuery, takeTree } from "./api";
import { GenrePanel } from "./components/genre-panel";
import { GenreTree } from "./components/genre-tree";
import { Failure, KeepingPage, Waiting } from "./components/page";
import { narrowed, placed } from "./model/genres";

/** The genres, the narrower ones under the wider: named, moved and merged. */
export function GenresKeepingPage() {
  const { t } = useLingui();
  const me = useMe();
  if (me && !me.roles.includes("admin")) {
    return (
      <KeepingPage title={t`Genres`}>
        <NotForYou />
      </KeepingPage>
    );
  }
  return (
    <KeepingPage
      title={t`Genres`}
      intro={t`Narrower genres stand under wider ones. Other names of a genre are understood in files and forms as this one.`}
    >
      <Keeping />
    </KeepingPage>
  );
}

function Keeping() {
  const { t } = useLingui();
  const tree = useQuery(genreTreeQuery);
  const [search, setSearch] = useState("");
  const [chosen, setChosen] = useState<string | null>(null);
  const [making, setMaking] = useState(false);
  const make = useMutation({ mutationFn: (name: string) => createGenre(name, null), onSuccess: takeTree });
  if (tree.isPending) return <Waiting />;
  if (tree.isError) return <Failure error={tree.error} retry={() => void tree.refetch()} />;
  const all = placed(tree.data);
  const shown = narrowed(tree.data, search);
  const found = all.find((one) => one.genre.id === chosen);
  return (
    <div className="grid items-start gap-6 lg:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-4">
        <div className="flex items-end gap-2">
          <TextField
            label={t`Search in the genres`}
            type="search"
            value={search}
            onChange={setSearch}
            dir="auto"
            className="min-w-0 flex-1"
          />
          <Button className="min-h-12" onPress={() => setMaking(true)}>
            <Plus aria-hidden className="size-5" />
            {t`New genre`}
          </Button>
        </div>
        {shown.length > 0 ? (
          <GenreTree key={search} nodes={shown} open={search !== ""} chosen={chosen} onChoose={setChosen} />
        ) : (
          <EmptyState icon={<Tags />} title={search ? t`Nothing found` : t`There are no genres yet`} />
        )}
      </div>
      {found ? (
        <GenrePanel key={found.genre.id} placed={found} all={all} onGone={setChosen} />
      ) : (
        <p className="text-muted max-lg:hidden">{t`Choose a genre to change it.`}</p>
      )}
      {making ? (
        <NameDialog
          title={t`New genre`}
          help={t`It stands at the top of the tree until it is moved.`}
          suggestion=""
          onClose={() => setMaking(false)}
          onName={async (name) => {
            await make.mutateAsync(name);
          }}
        />
      ) : null}
    </div>
  );
}
