import { t } from "@lingui/core/macro";

/** Roles as people call them, the everyday ones first; a role of a newer server keeps its own name. */
const names: Record<string, () => string> = {
  fan: () => t`Fan`,
  artist: () => t`Artist`,
  producer: () => t`Producer`,
  label: () => t`Label`,
  moderator: () => t`Moderator`,
  admin: () => t`Admin`,
};

export const ROLES: readonly string[] = Object.keys(names);
export const roleName = (role: string): string => names[role]?.() ?? role;
