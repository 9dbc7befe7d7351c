import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "@/shared/api/errors";
import { session } from "./session";

const FRESH_MS = 30_000;
const RETRIES = 2;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: FRESH_MS,
      // A refusal stays a refusal; only a lost connection or a failing server is worth another try.
      retry: (failures, error) => failures < RETRIES && !(error instanceof ApiError && error.status < 500),
      throwOnError: false,
    },
  },
});

session.subscribe((current, before) => {
  if (current?.userId === before?.userId) return;
  // Another person sees other things: drop what the last one was shown.
  queryClient.removeQueries({ queryKey: ["me"] });
  void queryClient.resetQueries();
});
