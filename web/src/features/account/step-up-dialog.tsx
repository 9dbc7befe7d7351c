import { useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { useStepUp } from "@/shared/lib/step-up";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { stepUpMethods } from "./step-up-methods";

/** Stands over the page while something asks for a fresh proof of who is there. */
export function StepUpDialog() {
  const { t } = useLingui();
  const asked = useStepUp();
  if (asked === null) return null;
  return (
    <Dialog open onClose={() => asked.answer(false)} title={t`Is it still you?`} size="sm">
      <p className="text-muted">{t`This touches the security of your account. Prove once more who you are.`}</p>
      <Proof methods={asked.methods} onProven={() => asked.answer(true)} />
    </Dialog>
  );
}

function Proof({ methods, onProven }: { methods: readonly string[]; onProven: () => void }) {
  const { t, i18n } = useLingui();
  const possible = stepUpMethods.filter((one) => methods.includes(one.method));
  const [chosen, choose] = useState(possible[0]?.method);
  const method = possible.find((one) => one.method === chosen);
  if (!method) return <p>{t`Sign out and in again, then repeat what you wanted to do.`}</p>;
  const others = possible.filter((one) => one.method !== chosen);
  return (
    <>
      <method.Component key={method.method} onProven={onProven} />
      {others.length > 0 ? (
        <div className="flex flex-wrap items-center gap-2 border-t border-line pt-4">
          <span className="text-sm text-muted">{t`Another way`}</span>
          {others.map((one) => (
            <Button key={one.method} size="sm" onPress={() => choose(one.method)}>
              {i18n._(one.label)}
            </Button>
          ))}
        </div>
      ) : null}
    </>
  );
}
