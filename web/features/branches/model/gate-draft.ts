import type { MergeGate } from '#shared/contract/refs.ts';

/** What merge requests into a branch need, as it is written. */
export interface GateDraft {
  readonly approvals: string;
  /** Names with commas between them. */
  readonly checks: string;
  readonly authorMayApprove: boolean;
}

export function gateDraftOf(gate: MergeGate | undefined): GateDraft {
  return {
    approvals: String(gate?.requiredApprovals ?? 1),
    checks: gate?.requiredChecks.join(', ') ?? '',
    authorMayApprove: gate?.authorMayApprove ?? false,
  };
}

/** Null where the approvals are no number from 0 to 100. */
export function gateOf({ approvals, checks, authorMayApprove }: GateDraft): MergeGate | null {
  if (!/^(100|\d{1,2})$/.test(approvals.trim())) return null;
  const names = checks.split(',').map((name) => name.trim());
  return {
    requiredApprovals: Number(approvals),
    requiredChecks: [...new Set(names.filter((name) => name !== ''))],
    authorMayApprove,
  };
}
