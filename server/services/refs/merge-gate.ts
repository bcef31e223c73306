import { mergeGate, type MergeGate } from '#shared/contract/refs.ts';
import type { Ref } from '#server/catalog/model.ts';
import type { ServiceContext } from '../context.ts';

/** What a merge request into a branch needs; null where others may move the branch too. */
export async function mergeGateOf(
  ctx: Pick<ServiceContext, 'settings'>,
  { name, protection }: Ref,
): Promise<MergeGate | null> {
  if (!protection.includes('MERGE')) return null;
  const kept = await ctx.settings.get(settingOf(name));
  return mergeGate.parse(kept === null ? {} : JSON.parse(kept));
}

export async function keepMergeGate(
  ctx: Pick<ServiceContext, 'settings'>,
  branch: string,
  gate: MergeGate,
): Promise<void> {
  await ctx.settings.set(settingOf(branch), JSON.stringify(gate));
}

/** A branch that MERGE protects is neither renamed nor deleted, so the name stands for it. */
function settingOf(branch: string): string {
  return `merge-gate:${branch}`;
}
