import { msg } from "@lingui/core/macro";
import type { MessageDescriptor } from "@lingui/core";
import { useLingui } from "@lingui/react/macro";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { errorText } from "@/shared/lib/error-text";
import { toast } from "@/shared/ui/toast";
import { api, data } from "./client";
import type { Consent, ConsentAnswer } from "./types";

export const consentsQuery = queryOptions({
  queryKey: ["consents"],
  queryFn: () => data(api.GET("/api/v1/users/me/consents")),
  staleTime: Number.POSITIVE_INFINITY,
});

const titles: Record<string, MessageDescriptor> = {
  terms: msg`Terms of use`,
  privacy: msg`What is kept about you`,
  newsletter: msg`Letters with news`,
  analytics: msg`Measuring how pages are used`,
};
const helps: Record<string, MessageDescriptor> = {
  terms: msg`The rules of this place.`,
  privacy: msg`What is kept about you here, and why.`,
  newsletter: msg`Now and then, about music and this place.`,
  analytics: msg`Beyond what it takes to run them.`,
};

/** What each purpose is called; one that we have no words for is called as the server calls it. */
export function useConsentWords(): { title: (one: Consent) => string; help: (one: Consent) => string } {
  const { i18n } = useLingui();
  const said = (words: MessageDescriptor | undefined) => (words ? i18n._(words) : undefined);
  return {
    title: ({ purpose, title }) => said(titles[purpose]) ?? title,
    help: ({ purpose }) => said(helps[purpose]) ?? "",
  };
}

export function useAnswer() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: ConsentAnswer) => data(api.PUT("/api/v1/users/me/consents", { body })),
    onSuccess: (next) => client.setQueryData(consentsQuery.queryKey, next),
    onError: (error) => toast(errorText(error), "error"),
  });
}
