import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { AppWindow, Ban, FolderTree, type LucideIcon, Mail, MicVocal, Ticket, Users } from "lucide-react";
import { type ComponentType, lazy } from "react";

export type AdminSection = {
  /** Its address: `/admin/<id>`. */
  id: string;
  label: MessageDescriptor;
  icon: LucideIcon;
  /** Moderators work here too, not only admins. */
  forModerators?: true;
  /** The page: `lazy(() => import("./….tsx"))`; it begins with a `PageTitle`. */
  Component: ComponentType;
};

/** The pages of the people who run this installation, in the order of the menu. */
export const sections: readonly AdminSection[] = [
  { id: "users", label: msg`People`, icon: Users, Component: lazy(() => import("./users-page")) },
  {
    id: "artists",
    label: msg`New artists`,
    icon: MicVocal,
    forModerators: true,
    Component: lazy(() => import("./artists-page")),
  },
  {
    id: "taken-down",
    label: msg`Taken down`,
    icon: Ban,
    forModerators: true,
    Component: lazy(() => import("./taken-down-page")),
  },
  { id: "libraries", label: msg`Libraries`, icon: FolderTree, Component: lazy(() => import("./libraries-page")) },
  { id: "invitations", label: msg`Invitations`, icon: Ticket, Component: lazy(() => import("./invitations-page")) },
  { id: "mail", label: msg`Letters`, icon: Mail, Component: lazy(() => import("./mail-page")) },
  { id: "apps", label: msg`Apps`, icon: AppWindow, Component: lazy(() => import("./apps-page")) },
];

/** Those that somebody with these roles works on; none for everybody else. */
export const sectionsFor = (roles: readonly string[]): readonly AdminSection[] => {
  if (roles.includes("admin")) return sections;
  return roles.includes("moderator") ? sections.filter((section) => section.forModerators) : [];
};
