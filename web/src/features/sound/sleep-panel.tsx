import { useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { player, usePlayer } from "@/player";
import { clockTime, spokenLength } from "@/shared/lib/format";
import { Button } from "@/shared/ui/button";

const MINUTES = [5, 15, 30, 45, 60, 90] as const;

function Remaining({ at }: { at: number }) {
  const { t } = useLingui();
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const left = clockTime(Math.max(0, at - now));
  return <>{t`The music fades out in ${left}.`}</>;
}

export function SleepPanel() {
  const { t } = useLingui();
  const sleep = usePlayer((state) => state.sleep);
  return (
    <section className="flex flex-col gap-3" aria-label={t`Sleep timer`}>
      <h3 className="font-semibold">{t`Sleep timer`}</h3>
      <div className="flex flex-wrap gap-2">
        {MINUTES.map((minutes) => (
          <Button key={minutes} size="sm" onPress={() => player.setSleep(minutes)}>
            {spokenLength(minutes * 60_000)}
          </Button>
        ))}
        <Button size="sm" onPress={() => player.setSleep("track")}>
          {t`End of the track`}
        </Button>
        {sleep ? (
          <Button size="sm" variant="ghost" onPress={() => player.setSleep(null)}>
            {t`Switch it off`}
          </Button>
        ) : null}
      </div>
      <p className="text-sm text-muted">
        {sleep === null ? (
          t`The music plays on.`
        ) : sleep.kind === "track" ? (
          t`The music ends with this track.`
        ) : (
          <Remaining at={sleep.at} />
        )}
      </p>
    </section>
  );
}
