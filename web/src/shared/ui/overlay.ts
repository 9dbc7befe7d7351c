/** What lies over the page: menus, lists, dialogs. */
export const overlayClasses = "rounded-lg border border-line bg-overlay text-ink shadow-lift outline-none";
export const itemClasses =
  "flex min-h-11 cursor-pointer items-center gap-3 rounded-md px-3 py-2 text-sm outline-none select-none " +
  "data-[focused]:bg-hover data-[disabled]:cursor-not-allowed data-[disabled]:opacity-45 contrast-theme:data-[focused]:outline-2 contrast-theme:data-[focused]:outline-focus";
