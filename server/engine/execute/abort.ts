/** What a cancelled query ends with, as `AbortSignal` has it. */
export function abortError(): DOMException {
  return new DOMException('The query was cancelled.', 'AbortError');
}
