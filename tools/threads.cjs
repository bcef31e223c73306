/**
 * Node's worker threads run DuckDB's statements and read files. Four, its default, are as many as the queries that run at once,
 * which then keep everybody else from planning a query or loading the page. Their number is read at their first use, and node
 * reads ES modules by them: so this is loaded before any, by `node --require`.
 */
process.env['UV_THREADPOOL_SIZE'] ||= '16';
