import { setInterval } from 'node:timers';
import { isAppError } from '#shared/errors/app-error.ts';
import { acquireLakehouseLock } from '../lakehouse-lock.ts';

/** Waits for the moment to start, tries for the lock of a folder, says how it went, and stays alive with it. */
const [folder = '', startAt = '0'] = process.argv.slice(2);
while (Date.now() < Number(startAt)) {
  // Spins, so that racing children start within the same millisecond.
}
try {
  await acquireLakehouseLock(folder, { url: `http://child-${process.pid}` });
  setInterval(() => undefined, 1000);
  console.log('held');
} catch (error) {
  console.log(isAppError(error) ? error.code : String(error));
}
