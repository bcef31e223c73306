export { cherryPickCommits, revertCommits } from './pick-commits.ts';
export { compareRefs } from './compare-refs.ts';
export { createRef, listRefs } from './list-refs.ts';
export { mergeRef } from './merge-ref.ts';
export { assignRef, deleteRef, updateRef } from './move-ref.ts';
export { readLog, type DescribeChange } from './read-log.ts';
export { readReflog, restoreRef } from './reflog.ts';
export { rebaseBranch } from './rebase-branch.ts';
export { resolveRef, unknownRef, type ResolvedRef } from './resolve-ref.ts';
