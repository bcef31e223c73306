import type { FsckResult } from '#shared/contract/fsck.ts';
import { dottedName } from '#shared/refs/dotted-name.ts';
import { ICEBERG_TABLE, NAMESPACE } from '../tables/index.ts';
import { checkTable } from './check-table.ts';
import { damage, Findings } from './findings.ts';
import type { FsckContext } from './fsck-context.ts';

/**
 * Looks at everything that branches, tags and the reflog lead to: commits, tree nodes, metadata files, manifest lists,
 * manifests, data and delete files; each once, afresh, whatever is in caches. What is wrong comes back as data with
 * what leads there. Nothing is changed.
 *
 * What is committed after it began may be left out.
 *
 * @param deep also opens every Parquet file, and compares the rows that its footer counts
 * @throws UNAVAILABLE and the like where a store does not answer; AbortError after the signal
 */
export async function fsck(
  ctx: FsckContext,
  { deep = false }: { readonly deep?: boolean } = {},
  signal?: AbortSignal,
): Promise<FsckResult> {
  const findings = new Findings();
  const { counts } = findings;
  for await (const event of ctx.catalog.audit()) {
    signal?.throwIfAborted();
    const { ref, commit } = event;
    if (event.kind === 'fault')
      findings.add({ kind: 'catalog', ref, commit, object: event.object, problem: event.problem });
    else if (event.kind !== 'content') counts[`${event.kind}s`] += 1;
    else {
      const { key, content } = event;
      const place = { ref, commit, table: dottedName(key) };
      if (content.type === ICEBERG_TABLE)
        await checkTable(ctx, findings, place, key, content, { deep, signal });
      else if (content.type !== NAMESPACE)
        await checkView(ctx, findings, place, content.value['metadataLocation']);
    }
  }
  return findings.result(deep);
}

async function checkView(
  { io }: FsckContext,
  findings: Findings,
  place: { readonly ref: string | null; readonly commit: string; readonly table: string },
  file: unknown,
): Promise<void> {
  if (typeof file !== 'string' || !findings.isNew('view', file)) return;
  findings.counts.views += 1;
  try {
    await io.stat(file);
  } catch (error) {
    findings.add({ kind: 'view', ...place, file, problem: damage(error) });
  }
}
