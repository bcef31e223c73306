import type { ServiceContext } from '../context.ts';

export type FsckContext = Pick<ServiceContext, 'catalog' | 'io'>;
