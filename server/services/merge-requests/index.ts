export {
  approveMergeRequest,
  describeMergeRequest,
  postCheckResult,
  runChecks,
} from './judge-merge-request.ts';
export { changeMergeRequest, listMergeRequests, openMergeRequest } from './manage-merge-requests.ts';
export { MergeChecks, type CheckInput, type CheckResult, type MergeCheck } from './merge-checks.ts';
export { mergeMergeRequest } from './merge-merge-request.ts';
export type { MergeRequestContext } from './merge-request-context.ts';
export type { MergeRequestStore } from './merge-request-store.ts';
