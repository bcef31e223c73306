const KEY = 'timestream.notebook';

/** Id of the notebook that was open last in this browser. */
export function lastNotebook(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function rememberNotebook(id: string): void {
  try {
    localStorage.setItem(KEY, id);
  } catch {
    // Without storage the newest one opens.
  }
}
