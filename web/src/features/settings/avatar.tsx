import { useLingui } from "@lingui/react/macro";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { api, data, putBytes } from "@/shared/api/client";
import { meQuery } from "@/shared/api/me";
import type { Me } from "@/shared/api/types";
import { errorText } from "@/shared/lib/error-text";
import { Button } from "@/shared/ui/button";
import { Cover } from "@/shared/ui/cover";
import { PictureInput } from "@/shared/ui/picture-input";
import { toast } from "@/shared/ui/toast";

/** The picture that a person shows of themselves. */
export function Avatar({ me }: { me: Me }) {
  const { t } = useLingui();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const change = useMutation({
    mutationFn: (picture: File | null) =>
      picture ? putBytes<Me>("/api/v1/users/me/avatar", picture) : data(api.DELETE("/api/v1/users/me/avatar")),
    onSuccess: (next) => client.setQueryData(meQuery.queryKey, next),
    onError: (error) => toast(errorText(error), "error"),
  });
  return (
    <div className="flex flex-wrap items-center gap-5">
      <Cover image={me.avatar} alt="" seed={me.id} shape="round" sizes="96px" className="size-24" />
      <div className="flex flex-wrap gap-3">
        <Button size="sm" onPress={() => input.current?.click()} isPending={change.isPending}>
          {t`Choose a picture`}
        </Button>
        {me.avatar ? (
          <Button size="sm" variant="ghost" onPress={() => change.mutate(null)} isDisabled={change.isPending}>
            {t`No picture`}
          </Button>
        ) : null}
      </div>
      <PictureInput input={input} label={t`Picture`} onChoose={(picture) => change.mutate(picture)} />
    </div>
  );
}
