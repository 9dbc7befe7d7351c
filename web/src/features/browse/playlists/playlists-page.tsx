import { useLingui } from "@lingui/react/macro";
import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { FileUp, Heart, Plus } from "lucide-react";
import { useRef, useState } from "react";
import { cx } from "@/shared/lib/class-names";
import { useSignedIn } from "@/shared/lib/session";
import { useTitle } from "@/shared/lib/title";
import { Button, buttonClasses } from "@/shared/ui/button";
import { NameDialog } from "@/shared/ui/name-dialog";
import { sayFailure } from "@/shared/ui/say-failure";
import { pagePadding, Section } from "@/features/browse/components/page";
import { PlaylistPages } from "./playlist-pages";
import { makePlaylist, playlistsQuery, reviewFile } from "./queries";

const FILES = ".m3u,.m3u8,.pls,.xspf,.jspf";

function Cards({ mine }: { mine: boolean }) {
  const { t } = useLingui();
  const words = mine
    ? t`Make one, or bring a file from another player.`
    : t`What people share with everybody stands here.`;
  return (
    <PlaylistPages
      query={useInfiniteQuery(playlistsQuery(mine))}
      withOwner={!mine}
      empty={{ title: t`No playlists yet`, words }}
    />
  );
}

function Actions() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [naming, setNaming] = useState(false);
  const review = useMutation({
    mutationFn: reviewFile,
    onSuccess: (found) => navigate({ to: "/playlists/import/$importId", params: { importId: found.id } }),
    onError: sayFailure,
  });
  return (
    <div className="flex flex-wrap gap-3">
      <Button variant="primary" onPress={() => setNaming(true)}>
        <Plus aria-hidden className="size-4" />
        {t`New playlist`}
      </Button>
      <Button onPress={() => input.current?.click()} isPending={review.isPending}>
        <FileUp aria-hidden className="size-4" />
        {t`Import a file`}
      </Button>
      <Link to="/liked" className={buttonClasses("secondary")}>
        <Heart aria-hidden className="size-4" />
        {t`Liked`}
      </Link>
      <input
        ref={input}
        type="file"
        accept={FILES}
        hidden
        aria-label={t`Playlist file`}
        onChange={(event) => {
          const file = event.target.files?.[0];
          if (file) review.mutate(file);
          event.target.value = "";
        }}
      />
      {naming ? (
        <NameDialog
          title={t`New playlist`}
          help={t`Nobody but you sees it until you say so.`}
          suggestion=""
          onClose={() => setNaming(false)}
          onName={async (name) => {
            const made = await makePlaylist(name);
            await navigate({ to: "/playlists/$playlistId", params: { playlistId: made.id } });
          }}
        />
      ) : null}
    </div>
  );
}

export function PlaylistsPage() {
  const { t } = useLingui();
  const signedIn = useSignedIn();
  useTitle(t`Playlists`);
  return (
    <div className="flex flex-col gap-12 pt-6">
      <div className={cx("flex flex-wrap items-center justify-between gap-4", pagePadding)}>
        <h1 className="display text-2xl">{t`Playlists`}</h1>
        {signedIn ? <Actions /> : null}
      </div>
      {signedIn ? (
        <Section title={t`Yours`}>
          <Cards mine />
        </Section>
      ) : null}
      <Section title={t`For everybody`}>
        <Cards mine={false} />
      </Section>
    </div>
  );
}
