"""DuckDB as it is, against the REST catalog: rest_duckdb.py REQUEST.json ANSWER.json

The extensions come in Python packages of the same version as DuckDB's, so none is downloaded when this runs.
"""

import importlib.util
import pathlib

import duckdb

from rest_checks import Checks

checks = Checks()


def extension(name):
    package = pathlib.Path(importlib.util.find_spec(f"duckdb_extension_{name}").origin).parent
    return str(next(package.glob(f"extensions/v{duckdb.__version__}/{name}.duckdb_extension")))


def connect(warehouse=""):
    connection = duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False})
    for name in ("avro", "httpfs", "iceberg"):
        connection.execute(f"LOAD '{extension(name)}'")
    connection.execute(
        f"CREATE SECRET rest (TYPE iceberg, CLIENT_ID 'duckdb', CLIENT_SECRET '{checks.token}',"
        f" OAUTH2_SERVER_URI '{checks.url}/iceberg/v1/oauth/tokens')"
    )
    connection.execute(f"ATTACH '{warehouse}' AS lake (TYPE iceberg, ENDPOINT '{checks.url}/iceberg', SECRET rest)")
    return connection


lake = connect()


def rows(query, connection=lake):
    return [list(row) for row in connection.execute(query).fetchall()]


def shared():
    lake.execute("CREATE SCHEMA lake.duckdb")
    lake.execute("CREATE TABLE lake.duckdb.shared (id BIGINT, name VARCHAR)")
    lake.execute("INSERT INTO lake.duckdb.shared VALUES (1, 'a'), (2, 'b'), (3, 'x'), (9, 'z')")
    lake.execute("INSERT INTO lake.duckdb.shared VALUES (4, 'd'), (5, 'e')")
    lake.execute("DELETE FROM lake.duckdb.shared WHERE id = 9")
    lake.execute("UPDATE lake.duckdb.shared SET name = 'c' WHERE id = 3")
    expected = [[1, "a"], [2, "b"], [3, "c"], [4, "d"], [5, "e"]]
    checks.equal("rows", rows("SELECT * FROM lake.duckdb.shared ORDER BY id"), expected)


def of_others():
    expected = [[number, chr(96 + number)] for number in range(1, 6)]
    checks.equal("rows that PyIceberg wrote", rows("SELECT * FROM lake.pyiceberg.shared ORDER BY id"), expected)
    checks.equal("another's evolved table", rows("SELECT count(*), sum(n) FROM lake.pyiceberg.evolved"), [[2, 30]])


def one_commit():
    for name in ("left_side", "right_side"):
        lake.execute(f"CREATE TABLE lake.duckdb.{name} (id BIGINT)")
    before = len(checks.api("GET", "/refs/main/log?limit=200")["entries"])
    lake.execute("BEGIN")
    lake.execute("INSERT INTO lake.duckdb.left_side VALUES (1)")
    lake.execute("INSERT INTO lake.duckdb.right_side VALUES (2)")
    lake.execute("COMMIT")
    log = checks.api("GET", "/refs/main/log?limit=200")["entries"]
    checks.equal("a transaction over two tables is one commit", len(log) - before, 1)
    checks.equal("and it changed both", len(log[0]["changes"]), 2)


def places():
    lake.execute("CREATE TABLE lake.duckdb.placed (id BIGINT)")
    lake.execute("INSERT INTO lake.duckdb.placed VALUES (1)")
    checks.api("POST", "/refs", name="duck", **{"from": "main"})
    checks.api("POST", "/refs", name="duck-tag", type="TAG", **{"from": "main"})
    branch, tag = connect("duck"), connect("duck-tag")
    branch.execute("INSERT INTO lake.duckdb.placed VALUES (2)")
    query = "SELECT id FROM lake.duckdb.placed ORDER BY id"
    checks.equal("rows of a branch", rows(query, branch), [[1], [2]])
    checks.equal("rows of main beside it", rows(query, connect()), [[1]])
    checks.equal("rows at a tag", rows(query, tag), [[1]])
    write = "INSERT INTO lake.duckdb.placed VALUES (3)"
    checks.raises("a write at a tag", ["read only"], lambda: tag.execute(write))


def dropping():
    lake.execute("CREATE TABLE lake.duckdb.gone AS SELECT 1 AS id")
    checks.equal("created from a query", rows("SELECT * FROM lake.duckdb.gone"), [[1]])
    lake.execute("DROP TABLE lake.duckdb.gone")
    checks.raises("a dropped table", ["CatalogException"], lambda: lake.execute("SELECT * FROM lake.duckdb.gone"))


checks.run(shared, of_others, one_commit, places, dropping)
