import { createLocalFileIO } from '../local-file-io.ts';
import { isAppError } from '#shared/errors/app-error.ts';

/**
 * Puts objects of `size` bytes one after the other into the root, each filled with its number, and prints the
 * number of each that was acknowledged, or the error that ended it.
 */
const [rootDirectory = '', size = '0', count = '1'] = process.argv.slice(2);
const io = await createLocalFileIO({ rootDirectory });
console.log('ready');
try {
  for (let number = 1; number <= Number(count); number++) {
    await io.putIfAbsent(`${io.root}/t/data/${number}`, new Uint8Array(Number(size)).fill(number));
    console.log(String(number));
  }
} catch (error) {
  console.log(isAppError(error) ? `${error.code} ${error.message}` : String(error));
}
