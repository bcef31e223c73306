export { createRef, deleteRef, listRefs } from './list-refs.ts';
export { readLog, type DescribeChange } from './read-log.ts';
export { resolveRef, type ResolvedRef } from './resolve-ref.ts';
