import { I18nProvider, useLingui } from "@lingui/react";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, type ReactNode } from "react";
import { I18nProvider as AriaLocale } from "react-aria-components/I18nProvider";
import { i18n } from "@/shared/lib/i18n";
import { queryClient } from "@/shared/lib/query";
import { session } from "@/shared/lib/session";
import { afterSession } from "./after-session";
import { router } from "./router";

function Localized({ children }: { children: ReactNode }) {
  const { i18n: current } = useLingui();
  return <AriaLocale locale={current.locale}>{children}</AriaLocale>;
}

session.subscribe((current) => {
  if (current === null) void afterSession();
});

export function App() {
  return (
    <StrictMode>
      <I18nProvider i18n={i18n}>
        <Localized>
          <QueryClientProvider client={queryClient}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </Localized>
      </I18nProvider>
    </StrictMode>
  );
}
