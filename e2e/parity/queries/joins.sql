Joins of every kind: outer, semi, anti, lateral, positional, asof; and subqueries that refer outside.

-- inner with using
SELECT count(*), sum(distance) FROM bronze.flights JOIN bronze.airports ON origin = iata;

-- left join with nothing on the right
SELECT e.id, e.name, b.name AS boss FROM lab.employees e LEFT JOIN lab.employees b ON e.boss = b.id ORDER BY e.id;

-- full join
SELECT t.sym AS a, q.sym AS b, count(*) FROM (SELECT DISTINCT sym FROM lab.trades) t FULL JOIN (SELECT DISTINCT sym FROM lab.quotes) q USING (sym) GROUP BY ALL ORDER BY ALL;

-- right join
SELECT q.sym, count(t.trade) AS trades FROM lab.trades t RIGHT JOIN (SELECT DISTINCT sym FROM lab.quotes) q ON t.sym = q.sym GROUP BY q.sym ORDER BY q.sym;

-- semi join
SELECT count(*) FROM bronze.flights SEMI JOIN (SELECT iata FROM bronze.airports WHERE state = 'CA') a ON origin = a.iata;

-- anti join
SELECT origin, count(*) AS n FROM bronze.flights ANTI JOIN bronze.airports ON origin = iata GROUP BY origin ORDER BY origin;

-- cross join
SELECT a.r_name, b.r_name AS other FROM tpch.region a CROSS JOIN tpch.region b ORDER BY 1, 2;

-- natural join
SELECT count(*) FROM lab.trades NATURAL JOIN (SELECT DISTINCT sym FROM lab.quotes) q;

-- self join with inequality
SELECT a.id, count(b.id) AS richer FROM lab.employees a LEFT JOIN lab.employees b ON b.team = a.team AND b.pay > a.pay GROUP BY a.id ORDER BY a.id;

-- band join
SELECT t.trade, count(*) AS near FROM lab.trades t JOIN lab.quotes q ON q.moment BETWEEN t.moment - INTERVAL 30 SECONDS AND t.moment + INTERVAL 30 SECONDS GROUP BY t.trade ORDER BY t.trade;

-- null-safe join
SELECT a.id, b.id AS other FROM lab.typed a JOIN lab.typed b ON a.flag IS NOT DISTINCT FROM b.flag AND a.id = b.id + 6 ORDER BY a.id;

-- join on floats with nan and zeros
SELECT a.id, b.id AS other FROM lab.typed a JOIN lab.typed b ON a.d = b.d AND a.id < b.id WHERE a.id < 40 AND b.id < 60 ORDER BY ALL;

-- join on decimals of other scales
SELECT count(*) FROM lab.typed a JOIN (SELECT DISTINCT CAST(money AS DECIMAL(18,4)) AS m FROM lab.typed) b ON a.money = b.m;

-- join on lists and structs
SELECT count(*) FROM lab.nested a JOIN lab.nested b ON a.numbers = b.numbers AND a.m IS NOT DISTINCT FROM b.m;

-- asof join
SELECT t.trade, t.sym, t.moment, q.bid FROM lab.trades t ASOF JOIN lab.quotes q ON t.sym = q.sym AND t.moment >= q.moment ORDER BY t.trade;

-- asof left join
SELECT t.trade, q.moment, q.bid FROM lab.trades t ASOF LEFT JOIN lab.quotes q ON t.sym = q.sym AND q.moment > t.moment ORDER BY t.trade;

-- asof using
SELECT t.trade, q.bid * t.qty AS value FROM lab.trades t ASOF JOIN lab.quotes q USING (sym, moment) ORDER BY t.trade;

-- asof aggregated
SELECT sym, sum(qty * bid) AS spent, count(*) AS n FROM (SELECT t.sym, t.qty, q.bid FROM lab.trades t ASOF JOIN lab.quotes q ON t.sym = q.sym AND t.moment > q.moment) GROUP BY sym ORDER BY sym;

-- positional join
SELECT a.n_name, b.r_name FROM (SELECT * FROM tpch.nation ORDER BY n_nationkey) a POSITIONAL JOIN (SELECT * FROM tpch.region ORDER BY r_regionkey) b ORDER BY 1;

-- lateral join
SELECT n.n_name, c.c_name, c.c_acctbal FROM tpch.nation n, LATERAL (SELECT c_name, c_acctbal FROM tpch.customer WHERE c_nationkey = n.n_nationkey ORDER BY c_acctbal DESC, c_custkey LIMIT 2) c ORDER BY 1, 2;

-- left join lateral
SELECT r.r_name, x.n FROM tpch.region r LEFT JOIN LATERAL (SELECT count(*) AS n FROM tpch.nation WHERE n_regionkey = r.r_regionkey AND n_name > 'M') x ON true ORDER BY r.r_name;

-- lateral range
SELECT e.id, r.k FROM lab.employees e, LATERAL (SELECT unnest(range(e.id % 4)) AS k) r ORDER BY 1, 2;

-- chained laterals
SELECT id, a, b FROM lab.employees, LATERAL (SELECT id * 2 AS a), LATERAL (SELECT a + 1 AS b) ORDER BY id;

-- correlated scalar subquery
SELECT name, pay, (SELECT avg(pay) FROM lab.employees b WHERE b.team = a.team) AS mean FROM lab.employees a ORDER BY name;

-- correlated exists in select
SELECT c_custkey, EXISTS (SELECT 1 FROM tpch.orders WHERE o_custkey = c_custkey AND o_totalprice > 300000) AS big FROM tpch.customer ORDER BY c_custkey LIMIT 80;

-- not in with nulls
SELECT count(*) FROM lab.typed WHERE id NOT IN (SELECT small FROM lab.typed);

-- any and all
SELECT name FROM lab.employees WHERE pay >= ALL (SELECT pay FROM lab.employees WHERE team = 'ops') OR pay < ANY (SELECT 1050) ORDER BY name;

-- in with rows
SELECT id FROM lab.typed WHERE (g, flag) IN (SELECT (1, true) UNION ALL SELECT (2, false)) ORDER BY id;

-- scalar subquery with a limit
SELECT symbol, (SELECT price FROM bronze.stocks i WHERE i.symbol = o.symbol ORDER BY date LIMIT 1) AS first_price FROM (SELECT DISTINCT symbol FROM bronze.stocks) o ORDER BY symbol;

-- three levels of correlation
SELECT r_name, (SELECT max((SELECT count(*) FROM tpch.customer WHERE c_nationkey = n_nationkey)) FROM tpch.nation WHERE n_regionkey = r_regionkey) AS most FROM tpch.region ORDER BY r_name;

-- join with an empty table
SELECT a.id, e.s FROM lab.employees a LEFT JOIN lab.empty e ON a.id = e.id ORDER BY a.id LIMIT 5;

-- aggregates of an empty table
SELECT count(*), sum(id), max(s), avg(d), list(id), bool_or(id > 0) FROM lab.empty;

-- star join of real tables
SELECT a.state AS from_state, b.state AS to_state, count(*) AS n, avg(delay) AS mean FROM bronze.flights JOIN bronze.airports a ON origin = a.iata JOIN bronze.airports b ON destination = b.iata GROUP BY ALL ORDER BY n DESC, 1, 2 LIMIT 30;

-- table aliases with columns
SELECT x, y FROM (SELECT id, g FROM lab.typed WHERE id < 6) AS t(x, y) ORDER BY x;

-- values join
SELECT v.k, v.label, count(*) FROM lab.typed JOIN (VALUES (0, 'zero'), (1, 'one'), (2, 'two')) v(k, label) ON g = k GROUP BY ALL ORDER BY ALL;

-- star with exclude replace and rename
SELECT * EXCLUDE (wide, u, b, moment, at_zone, clock) REPLACE (small + 1 AS small) RENAME (s AS words) FROM lab.typed ORDER BY id;

-- columns by a pattern
SELECT min(COLUMNS('^(id|sm.*|big)$')) FROM lab.typed;
