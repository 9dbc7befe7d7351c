import { useMutation, useQueryClient } from "@tanstack/react-query";
import { errorText } from "@/shared/lib/error-text";
import { toast } from "@/shared/ui/toast";
import { PEOPLE } from "./queries";

/** Something that is done about a person: said when it is done, and everything that is shown of people asked anew. */
export function useDeed<T>(deed: (what: T) => Promise<unknown>, done: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: deed,
    onSuccess: () => toast(done, "success"),
    onError: (error) => toast(errorText(error), "error"),
    onSettled: () => client.invalidateQueries({ queryKey: PEOPLE }),
  });
}
