/** What Chromium has beyond the standard's handles. */
interface AskableHandle {
  queryPermission?(wanted: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(wanted: { mode: 'read' }): Promise<PermissionState>;
}

/** Whether the page may read a file. To be asked for on a click alone; where a browser has no such question, it may. */
export async function permission(
  handle: FileSystemFileHandle,
  how: 'query' | 'request',
): Promise<PermissionState> {
  const askable = handle as AskableHandle;
  const wanted = { mode: 'read' } as const;
  const asked = how === 'query' ? askable.queryPermission?.(wanted) : askable.requestPermission?.(wanted);
  return (await asked) ?? 'granted';
}
