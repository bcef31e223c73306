export type { FsckContext } from './fsck-context.ts';
export { fsck } from './fsck.ts';
