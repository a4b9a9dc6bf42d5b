// What lets this page edit the entries it wrote anonymously, until it is closed; the server keeps only a digest.
const nameOf = (entry: string) => `followthrough key ${entry}`;

export function newKey(entry: string): string {
  const key = crypto.randomUUID();
  sessionStorage.setItem(nameOf(entry), key);
  return key;
}

/** As arguments of a command: empty for entries that need no key. */
export function keyFor(entry: string): { key?: string } {
  const key = sessionStorage.getItem(nameOf(entry));
  return key ? { key } : {};
}
