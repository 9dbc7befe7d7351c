import { Outlet } from "@tanstack/react-router";
import { ToastRegion } from "@/shared/ui/toast";

export function Shell() {
  return (
    <main id="content" tabIndex={-1}>
      <Outlet />
      <ToastRegion />
    </main>
  );
}
