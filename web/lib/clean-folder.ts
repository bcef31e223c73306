/** Names of folders without what people type around them; undefined where none is left. */
export function cleanFolder(text: string): string | undefined {
  const parts = text
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.length === 0 ? undefined : parts.join('/');
}
