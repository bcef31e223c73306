/** The bundler and the test runner put the text of a migration into the program, so that it needs no file. */
declare module '*.sql?raw' {
  const text: string;
  export default text;
}
declare module '*.json?raw' {
  const text: string;
  export default text;
}
