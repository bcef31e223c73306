import { setInterval } from 'node:timers';
import { createSettingRepository } from '#server/db/setting-repository.ts';
import { openDatabase } from '#server/db/open-database.ts';

/** Opens the embedded database of a folder and writes settings 1, 2, 3… until it is killed, saying each. */
const [directory = ''] = process.argv.slice(2);
console.log('opening');
const { db } = await openDatabase({ kind: 'pglite', directory });
const settings = createSettingRepository(db);
setInterval(() => undefined, 1000);
for (let number = 1; ; number++) {
  await settings.set('number', String(number));
  console.log(String(number));
}
