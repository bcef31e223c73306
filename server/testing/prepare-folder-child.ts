import { prepareFolder } from '../lakehouse-folder.ts';

/** Prepares a folder as another user (root may do anything), and prints what is wrong with it. */
const [folder = '', user = ''] = process.argv.slice(2);
if (user !== '') {
  process.setgid?.(Number(user));
  process.setuid?.(Number(user));
}
const said = await prepareFolder(folder).then(
  () => 'fine',
  (error: unknown) => String(error),
);
process.stdout.write(`${said.replaceAll('\n', ' ')}\n`);
