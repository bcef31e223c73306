import { isApple } from '#web/lib/platform.ts';

/** What the shortcuts dialog lists: the keys, then what they do. */
export const SHORTCUTS: readonly {
  readonly place: string;
  readonly keys: readonly (readonly [string, string])[];
}[] = [
  {
    place: 'Everywhere',
    keys: [
      ['Mod+K', 'Search and commands'],
      ['Mod+B', 'Switch branch or tag'],
      ['Alt+T', 'Travel in time'],
      ['Alt+N', 'Back to now'],
      ['Mod+\\', 'Show or hide the side panel'],
      ['Alt+C', 'New notebook'],
      ['Alt+O', 'Open local files'],
      ['Alt+1', 'Notebooks'],
      ['Alt+2', 'Catalog'],
      ['Alt+3', 'History'],
      ['Alt+4', 'Branches'],
      ['Alt+5', 'Queries'],
      ['Alt+M', 'Compare and merge'],
      ['?', 'This list'],
    ],
  },
  {
    place: 'With a commit selected in History',
    keys: [
      ['Alt+D', 'Show what it changed'],
      ['Alt+R', 'Revert it'],
      ['Alt+K', 'Cherry-pick it'],
      ['Alt+V', 'Compare it with a branch'],
    ],
  },
  {
    place: 'Branches',
    keys: [
      ['Alt+B', 'New branch or tag'],
      ['Alt+X', 'Swap source and target of a comparison'],
      ['Alt+W', 'New webhook'],
    ],
  },
  {
    place: 'In the list of branches',
    keys: [
      ['j or ↓', 'Next'],
      ['k or ↑', 'Previous'],
      ['Enter', 'Switch to it'],
      ['c', 'Compare and merge'],
      ['h', 'History'],
      ['r', 'Rename'],
      ['m', 'Propose a merge'],
      ['p', 'Protect'],
      ['b', 'Rebase'],
      ['t', 'Reset'],
      ['Delete', 'Delete'],
    ],
  },
  {
    place: 'Merge requests',
    keys: [
      ['Alt+P', 'Propose a merge'],
      ['Alt+A', 'Approve'],
      ['Alt+E', 'Edit'],
      ['Mod+Enter', 'Merge'],
    ],
  },
  {
    place: 'Writing in a cell',
    keys: [
      ['Mod+Enter', 'Run the cell'],
      ['Mod+Shift+Enter', 'Run all cells'],
      ['Shift+Enter', 'Run and go to the next cell'],
      ['Alt+Enter', 'Run the selection, or the statement under the cursor'],
      ['Mod+Space', 'Suggest names'],
      ['F12', 'Go to where a name comes from'],
      ['F2', 'Rename an alias or a common table expression'],
      ['Mod+.', 'Correct what is underlined'],
      ['Mod+F', 'Find in the cell'],
      ['Mod+Shift+H', 'Find and replace in all cells'],
      ['Mod+D', 'Select the next place with the same text'],
      ['Mod+/', 'Make it a comment, or take that back'],
      ['Alt+Shift+F', 'Format the SQL'],
      ['Alt+S', 'Choose the snapshot that the cell reads'],
      ['Tab', 'Indent'],
      [isApple ? 'Ctrl+Shift+M' : 'Ctrl+M', 'Let Tab leave the editor, or indent again'],
      ['Esc', 'Stop the run; leave the editor, from where Tab goes on'],
    ],
  },
  {
    place: 'Between cells (after Esc)',
    keys: [
      ['j or ↓', 'Next cell'],
      ['k or ↑', 'Previous cell'],
      ['Enter', 'Write in the cell'],
      ['Mod+Enter', 'Run the cell'],
      ['a', 'New SQL cell above'],
      ['b', 'New SQL cell below'],
      ['m', 'Make it Markdown'],
      ['y', 'Make it SQL'],
      ['d d', 'Delete the cell'],
      ['z', 'Undo, of cells and of text'],
      ['Shift+Z', 'Redo'],
      ['u', 'Run all down to the cell'],
      ['c', 'Collapse or expand the cell'],
      ['f', 'Fill the page with the result'],
      ['Alt+↑', 'Move the cell up'],
      ['Alt+↓', 'Move the cell down'],
      ['g', 'Grid or chart'],
      ['s', 'Choose the snapshot that the cell reads'],
    ],
  },
  {
    place: 'In rows of a result',
    keys: [
      ['Shift+F10', 'Copy as, filter by a value: the menu of what is selected'],
      ['Enter', 'Inspect the value'],
      ['Mod+C', 'Copy, of several cells with headers'],
      ['Shift+→', 'Select more, so with each arrow key'],
      ['Mod+↓', 'To the last row, so with each arrow key'],
      ['Mod+A', 'Select all'],
      ['Shift+Space', 'Select the row'],
      ['Mod+Space', 'Select the column'],
      ['Esc', 'Only the current cell'],
    ],
  },
  {
    place: 'In the header of a result (↑ from the first row)',
    keys: [
      ['Enter', 'Sort, filter and figures of the column'],
      ['Shift+← or Shift+→', 'Narrower, wider'],
    ],
  },
  {
    place: 'In a date',
    keys: [
      ['↑ or ↓', 'Next day, day before'],
      ['Alt+↓', 'Choose it from a calendar'],
    ],
  },
];
