import { buildIfNeeded } from './build.mjs';

await buildIfNeeded();
process.argv.splice(2, 0, 'serve');
await import('../dist/server/timestream.js');
