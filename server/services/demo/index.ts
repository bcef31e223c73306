export { loadDemo, needsDemo } from './load-demo.ts';
