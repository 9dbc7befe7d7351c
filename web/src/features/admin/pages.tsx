export { AdminLayout } from "./layout";
export { AdminSectionPage } from "./section-page";
