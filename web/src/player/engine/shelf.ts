/** Bytes that are on this device already, under addresses of their own; the engine reads them like those of the network. */
const PREFIX = "device:";
const shelf = new Map<string, Blob>();

export function onShelf(name: string, bytes: Blob): string {
  const url = PREFIX + name;
  shelf.set(url, bytes);
  return url;
}

export const isHere = (url: string): boolean => url.startsWith(PREFIX);
export const fromShelf = (url: string): Blob | undefined => shelf.get(url);
export const offShelf = (name: string): boolean => shelf.delete(PREFIX + name);
