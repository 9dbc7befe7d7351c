import { useLingui } from "@lingui/react/macro";
import { useMutation, useQuery } from "@tanstack/react-query";
import { changePreferences, preferencesQuery, privateSession } from "@/shared/api/preferences";
import { errorText } from "@/shared/lib/error-text";
import { timeOfDay } from "@/shared/lib/format";
import { Section } from "@/shared/ui/section";
import { Switch } from "@/shared/ui/switch";
import { toast } from "@/shared/ui/toast";

/** What of the person others may see. */
export function VisibilitySection() {
  const { t } = useLingui();
  const { data: chosen } = useQuery(preferencesQuery);
  const change = useMutation({
    mutationFn: changePreferences,
    onError: (error) => toast(errorText(error), "error"),
  });
  const until = chosen?.private_session_until ?? null;
  const end = until ? timeOfDay(until) : "";
  return (
    <Section title={t`Who sees what`} intro={t`Your email address is never shown to anybody.`}>
      <Switch
        label={t`Private profile`}
        help={t`Others find nobody under your name. Published music stays public.`}
        checked={chosen?.private_profile ?? false}
        disabled={!chosen || change.isPending}
        onChange={(on) => change.mutate({ private_profile: on })}
      />
      <Switch
        label={t`Private session`}
        help={
          until
            ? t`Until ${end}, nobody else sees what you hear.`
            : t`For six hours nobody else sees what you hear, and your history does not keep it. Plays still count for the artists.`
        }
        checked={until !== null}
        disabled={!chosen || change.isPending}
        onChange={(on) => change.mutate(privateSession(on))}
      />
    </Section>
  );
}
