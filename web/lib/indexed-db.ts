/** The result of a request of IndexedDB. */
export function requested<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result), { once: true });
    request.addEventListener('error', () => reject(request.error ?? aborted()), { once: true });
  });
}

/** Once a transaction is on disk; rejects where it is not (a full disk, for one). */
export function committed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve(), { once: true });
    transaction.addEventListener('abort', () => reject(transaction.error ?? aborted()), { once: true });
  });
}

function aborted(): DOMException {
  return new DOMException('The browser gave up a transaction.', 'AbortError');
}
