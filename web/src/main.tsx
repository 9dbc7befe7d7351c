import { createRoot } from "react-dom/client";
import { App } from "@/app/app";
import { addAppCatalogue } from "@/app/catalogues";
import { activate, preferredLocale } from "@/shared/lib/i18n";
import { usePreferences, watchPreferences } from "@/shared/lib/preferences";
import "@/shared/ui/base.css";

watchPreferences();
await addAppCatalogue();
await activate(preferredLocale(usePreferences.getState().locale));
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(<App />);
