import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

/** Prints by how many bytes this process grows at its peak: plan-memory.mjs METADATA_LOCATION START END */
const root = fileURLToPath(new URL('../..', import.meta.url));
const { module } = await runnerImport(fileURLToPath(new URL('plan-once.ts', import.meta.url)), {
  root,
  configFile: false,
});
const [, , location, start, end] = process.argv;
const before = process.memoryUsage().rss;
await module.planOnce(location, BigInt(start), BigInt(end));
const peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024;
console.log(peak - before);
process.exit(0);
