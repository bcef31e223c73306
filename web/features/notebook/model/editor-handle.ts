/** What a notebook can ask of the editor of one of its cells. */
export interface EditorHandle {
  /** Writes text at the cursor. */
  insert(text: string): void;
  /** Selects a place of the text (UTF-16 offsets, end exclusive) and brings it into view. */
  reveal(place: { readonly start: number; readonly end: number }): void;
}
