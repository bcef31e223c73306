/** One value of a file of JSON. */
export interface JsonElement {
  readonly text: string;
  /** The file's line that it begins in, from 1. */
  readonly line: number;
}

const SPACE = /\s/;

/**
 * The values of a text that is an array of them, or has them one after the other (a line each, as a rule). What is
 * between is not checked here, and neither are the values themselves.
 */
export class JsonElements {
  #text = '';
  #at = 0;
  #line = 1;
  #depth = 0;
  #inArray = false;
  #begun = false;
  #start = -1;
  #startLine = 1;
  #inString = false;
  #escaped = false;

  /** Takes more of the text, and gives what is whole by now. */
  *push(more: string): Generator<JsonElement> {
    this.#text += more;
    for (; this.#at < this.#text.length; this.#at += 1) {
      const element = this.#character(this.#text[this.#at] ?? '');
      if (element !== null) yield element;
    }
    const keep = this.#start < 0 ? this.#text.length : this.#start;
    this.#text = this.#text.slice(keep);
    this.#at -= keep;
    if (this.#start >= 0) this.#start = 0;
  }

  /** What is left at the end: a number, say, or what is cut off. */
  *finish(): Generator<JsonElement> {
    if (this.#start >= 0) yield { text: this.#text.slice(this.#start), line: this.#startLine };
    else if (this.#inArray) yield { text: '[', line: this.#line };
  }

  #character(char: string): JsonElement | null {
    if (char === '\n') this.#line += 1;
    if (this.#inString) {
      if (this.#escaped) this.#escaped = false;
      else if (char === '\\') this.#escaped = true;
      else if (char === '"') {
        this.#inString = false;
        if (this.#depth === 0) return this.#take(this.#at + 1);
      }
      return null;
    }
    if (this.#start < 0) return this.#between(char);
    if (char === '"') this.#inString = true;
    else if (char === '{' || char === '[') this.#depth += 1;
    else if (char === '}' || char === ']') {
      if (this.#depth === 0) return this.#endOfScalar(char);
      this.#depth -= 1;
      if (this.#depth === 0) return this.#take(this.#at + 1);
    } else if (this.#depth === 0 && (char === ',' || SPACE.test(char))) return this.#take(this.#at);
    return null;
  }

  #between(char: string): null {
    if (SPACE.test(char) || char === ',' || char === '\uFEFF') return null;
    if (char === '[' && !this.#begun) {
      this.#inArray = true;
      this.#begun = true;
      return null;
    }
    if (char === ']' && this.#inArray) {
      this.#inArray = false;
      return null;
    }
    this.#begun = true;
    this.#start = this.#at;
    this.#startLine = this.#line;
    if (char === '{' || char === '[') this.#depth = 1;
    else if (char === '"') this.#inString = true;
    return null;
  }

  /** A number or a word before the end of the array. */
  #endOfScalar(char: string): JsonElement {
    const element = this.#take(this.#at);
    if (char === ']') this.#inArray = false;
    return element;
  }

  #take(end: number): JsonElement {
    const text = this.#text.slice(this.#start, end);
    this.#start = -1;
    return { text, line: this.#startLine };
  }
}
