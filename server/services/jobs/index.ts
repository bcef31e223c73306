export { JobBoard, type Report } from './job-board.ts';
