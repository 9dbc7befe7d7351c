import { useLingui } from "@lingui/react/macro";
import { useAllCommands } from "@/shared/lib/commands";
import { Dialog } from "@/shared/ui/dialog";
import { Keys } from "./keys";

export function ShortcutList({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const commands = useAllCommands().filter((command) => command.keys?.length);
  const groups = [...new Set(commands.map((command) => command.group))];
  return (
    <Dialog open onClose={onClose} title={t`Keyboard shortcuts`} size="lg">
      <div className="columns-1 gap-10 sm:columns-2">
        {groups.map((group) => (
          <section key={group} className="mb-6 break-inside-avoid">
            <h3 className="pb-2 text-sm font-semibold text-faint">{group}</h3>
            <dl>
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <div key={command.id} className="flex items-center justify-between gap-6 border-t border-line py-2">
                    <dt className="text-sm">{command.label}</dt>
                    <dd className="flex gap-2">
                      {command.keys?.map((keys) => (
                        <Keys key={keys} keys={keys} />
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
