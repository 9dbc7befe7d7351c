/** Only a path of our own: an address from elsewhere must not be able to send people away after they signed in. */
export function ownPath(value: unknown): string | undefined {
  if (typeof value !== "string" || !value.startsWith("/")) return undefined;
  return value.startsWith("//") || value.includes("\\") ? undefined : value;
}
