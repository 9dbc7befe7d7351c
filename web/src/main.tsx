import { createRoot } from "react-dom/client";
import { App } from "@/app/app";
import { router } from "@/app/router";
import { takeUpArrival } from "@/shared/api/arrival";
import { adoptOldSession } from "@/shared/api/client";
import { addAppCatalogue } from "@/app/catalogues";
import { activate, preferredLocale } from "@/shared/lib/i18n";
import { usePreferences, watchPreferences } from "@/shared/lib/preferences";
import "@/shared/ui/base.css";

watchPreferences();
await adoptOldSession();
await takeUpArrival();
// The first page's code comes while the words do, not after them.
const page = router.load();
await addAppCatalogue();
await activate(preferredLocale(usePreferences.getState().locale));
await page;
const root = document.getElementById("root");
if (root === null) throw new Error("index.html has no #root");
createRoot(root).render(<App />);
