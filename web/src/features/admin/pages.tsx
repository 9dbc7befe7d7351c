export { AdminLayout } from "./layout";
export { AdminSectionPage } from "./section-page";
export { AdminUserPage } from "./user-page";
export { AdminTakenDownPage } from "./taken-down-work-page";
export { AdminLibraryPage } from "./library-page";
