export { dataFileUrl, openDataFile } from './open-data-file.ts';
export { deletesUrl, readDeletedRows, type DeletesContext, type DeletesRequest } from './deleted-rows.ts';
