import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ratioCase, type BenchCase } from '../harness.ts';
import { Peer } from './peer.ts';
import { orderRange, type WideTable } from './wide-table.ts';

const MIB = 1024 * 1024;

/** How far a process grows that plans every manifest of a large table once, beyond what it was when it had started. */
export async function planMemoryCase(python: string, { staged, files }: WideTable): Promise<BenchCase> {
  const metadata = staged.newMetadataLocation;
  const { start, end } = orderRange(files);
  const ours = await promisify(execFile)(
    process.execPath,
    [fileURLToPath(new URL('plan-memory.mjs', import.meta.url)), metadata, String(start), String(end)],
    { maxBuffer: MIB },
  );
  const peer = new Peer(python);
  try {
    const before = (await peer.ask('memory'))['peak'] ?? Number.NaN;
    await peer.ask('plan', { metadata, column: 'order_id', start, end, cold: true });
    const after = (await peer.ask('memory'))['peak'] ?? Number.NaN;
    return ratioCase({
      name: `memory to plan ${files.toLocaleString('en')} files`,
      work: 'growth of a fresh process at its peak, planning with every manifest looked at and a cache of 256 MiB',
      unit: 'MiB',
      ours: Number(ours.stdout) / MIB,
      peer: 'PyIceberg plan_files, which keeps nothing',
      peerValue: (after - before) / MIB,
    });
  } finally {
    peer.close();
  }
}
