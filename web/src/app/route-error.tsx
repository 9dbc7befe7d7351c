import { useLingui } from "@lingui/react/macro";
import { useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { CloudAlert } from "lucide-react";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { EmptyState } from "@/shared/ui/empty-state";

export function RouteError({ error, reset }: ErrorComponentProps) {
  const { t } = useLingui();
  const router = useRouter();
  return (
    <EmptyState
      heading="h1"
      icon={<CloudAlert />}
      title={t`This page hit a wrong note`}
      actions={
        <>
          <Button
            variant="primary"
            onPress={() => {
              reset();
              void router.invalidate();
            }}
          >
            {t`Try again`}
          </Button>
          <Button onPress={() => window.location.assign("/")}>{t`Go home`}</Button>
        </>
      }
    >
      {errorText(error)}
    </EmptyState>
  );
}
