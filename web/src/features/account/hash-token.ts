import { useLocation } from "@tanstack/react-router";
import { useEffect, useState } from "react";

/**
 * The token of a letter's link, behind the `#` under one of these names, where no server's log sees it. It is taken
 * out of the address, so that it stays neither there nor in the history.
 */
export function useHashToken<Name extends string>(...names: Name[]): { name: Name; token: string } | null {
  const [found] = useState(() => {
    const given = new URLSearchParams(window.location.hash.slice(1));
    const name = names.find((one) => given.get(one));
    return name ? { name, token: given.get(name) ?? "" } : null;
  });
  const { hash } = useLocation();
  useEffect(() => {
    if (found && hash)
      window.history.replaceState(window.history.state, "", window.location.pathname + window.location.search);
  }, [found, hash]);
  return found;
}
