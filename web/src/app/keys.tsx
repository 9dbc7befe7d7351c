import { keyCaps } from "@/shared/lib/commands";

export function Keys({ keys }: { keys: string }) {
  return (
    <span className="flex shrink-0 gap-1" dir="ltr">
      {keyCaps(keys).map((cap) => (
        <kbd
          key={cap}
          className="grid min-h-6 min-w-6 place-items-center rounded-sm border border-line-strong/60 bg-sunken px-1.5 font-text text-xs text-muted"
        >
          {cap}
        </kbd>
      ))}
    </span>
  );
}
