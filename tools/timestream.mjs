import { buildIfNeeded } from './build.mjs';

// What a command prints may be read by a program.
await buildIfNeeded(console.error);
await import('../dist/server/timestream.js');
