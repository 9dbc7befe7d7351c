import { type ComponentType, lazy, Suspense } from "react";
import { useSignedIn } from "@/shared/lib/session";
import { addJamCatalogue } from "./catalogues";

type Shown = ComponentType<{ onDone?: () => void }>;

/** The button, and what is said on it. */
async function button(): Promise<{ default: Shown }> {
  const [module] = await Promise.all([import("@/features/jam/start-button"), addJamCatalogue()]);
  return { default: module.TogetherButton };
}

// Without network nobody listens together, and the player is none the worse for it.
const Button = lazy(() => button().catch(() => ({ default: (() => null) as Shown })));

/** Guests listen along; who opens a room has an account. */
export function TogetherButton({ onDone }: { onDone?: () => void }) {
  const signedIn = useSignedIn();
  return <Suspense fallback={null}>{signedIn ? <Button {...(onDone ? { onDone } : {})} /> : null}</Suspense>;
}
