/** Bytes that are on this device already, under addresses of their own; the engine reads them like those of the network. */
const PREFIX = "device:";
const shelf = new Map<string, Blob>();

/** A file, or one of the pieces of which it is made, then named `name/…`. */
export function onShelf(name: string, bytes: Blob): string {
  const url = PREFIX + name;
  shelf.set(url, bytes);
  return url;
}

export const isHere = (url: string): boolean => url.startsWith(PREFIX);
export const fromShelf = (url: string): Blob | undefined => shelf.get(url);

export function offShelf(name: string): void {
  const url = PREFIX + name;
  for (const one of shelf.keys()) if (one === url || one.startsWith(`${url}/`)) shelf.delete(one);
}
