import { useMutation, useQueryClient } from "@tanstack/react-query";
import { sayFailure } from "@/shared/ui/say-failure";
import { toast } from "@/shared/ui/toast";
import { PEOPLE } from "./queries";

/** Something that an admin does: said when it is done, and what it makes `old` is asked for anew. */
export function useDeed<T>(deed: (what: T) => Promise<unknown>, done: string, old: readonly string[] = PEOPLE) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: deed,
    onSuccess: () => toast(done, "success"),
    onError: sayFailure,
    onSettled: () => client.invalidateQueries({ queryKey: old }),
  });
}
