export { ExportFiles, type ExportContext } from './export-files.ts';
