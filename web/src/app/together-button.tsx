import { lazy, Suspense } from "react";
import { useSignedIn } from "@/shared/lib/session";
import { addJamCatalogue } from "./catalogues";

const Button = lazy(() => button().catch(() => ({ default: () => null }))); // without network nobody listens together

/** The button, and what is said on it. */
async function button() {
  const [module] = await Promise.all([import("@/features/jam/start-button"), addJamCatalogue()]);
  return { default: module.TogetherButton };
}

/** Guests listen along; who opens a room has an account. */
export function TogetherButton({ onDone }: { onDone?: () => void }) {
  const signedIn = useSignedIn();
  return <Suspense fallback={null}>{signedIn ? <Button {...(onDone ? { onDone } : {})} /> : null}</Suspense>;
}
