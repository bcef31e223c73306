/** A `{{name}}` or `{{name.column}}` of a text, with where it stands. */
export interface Placeholder {
  readonly name: string;
  readonly column: string | null;
  readonly start: number;
  readonly end: number;
}

const PLACEHOLDER = /\{\{\s*([\p{L}_][\p{L}\p{N}_]*)(?:\.([^{}\n]+?))?\s*\}\}/gu;

/** The places of a Markdown text where the value of a cell belongs. */
export function placeholders(text: string): Placeholder[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => ({
    name: match[1] ?? '',
    column: match[2] ?? null,
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** @param valueOf gives null for what is not known, which stays as it is written */
export function fillPlaceholders(text: string, valueOf: (place: Placeholder) => string | null): string {
  let filled = '';
  let at = 0;
  for (const place of placeholders(text)) {
    filled += text.slice(at, place.start) + (valueOf(place) ?? text.slice(place.start, place.end));
    at = place.end;
  }
  return filled + text.slice(at);
}
