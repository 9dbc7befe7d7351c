export { AdminLayout } from "./layout";
export { AdminSectionPage } from "./section-page";
export { AdminUserPage } from "./user-page";
export { AdminLibraryPage } from "./library-page";
