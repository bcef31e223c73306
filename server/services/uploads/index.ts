export { Uploads } from './uploads.ts';
export type { UploadContext } from './save-rows.ts';
