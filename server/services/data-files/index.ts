export { dataFileUrl, openDataFile } from './open-data-file.ts';
