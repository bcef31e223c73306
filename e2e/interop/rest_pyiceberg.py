"""PyIceberg as it is, against the REST catalog: rest_pyiceberg.py REQUEST.json ANSWER.json"""

from concurrent.futures import ThreadPoolExecutor

import pyarrow as pa
from pyiceberg.catalog import load_catalog
from pyiceberg.expressions import And, EqualTo, GreaterThan, IsNull, LessThanOrEqual, Not, NotEqualTo
from pyiceberg.table.sorting import SortField, SortOrder
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.transforms import BucketTransform, IdentityTransform
from pyiceberg.types import IntegerType, LongType, NestedField, StringType

from rest_checks import Checks

checks = Checks()
COLUMNS = pa.schema([("id", pa.int64()), ("name", pa.string())])


def connect(**properties):
    return load_catalog(
        "rest", type="rest", uri=f"{checks.url}/iceberg", credential=f"pyiceberg:{checks.token}", **properties
    )


catalog = connect()
catalog.create_namespace("pyiceberg", {"owner": "them"})


def rows_of(*ids):
    return pa.table({"id": list(ids), "name": [chr(96 + number) for number in ids]}, schema=COLUMNS)


def ids(table, **scan):
    return sorted(table.scan(**scan).to_arrow()["id"].to_pylist())


def shared():
    table = catalog.create_table("pyiceberg.shared", schema=COLUMNS)
    table.append(rows_of(1, 2, 3, 9))
    table.append(rows_of(4, 5))
    table.delete(EqualTo("id", 9))
    checks.equal("rows", ids(catalog.load_table("pyiceberg.shared")), [1, 2, 3, 4, 5])


def evolution():
    schema = Schema(
        NestedField(5, "id", LongType(), required=False),
        NestedField(7, "name", StringType(), required=False),
        NestedField(9, "n", IntegerType(), required=False),
    )
    table = catalog.create_table(
        "pyiceberg.evolved",
        schema=schema,
        partition_spec=PartitionSpec(PartitionField(9, 1000, IdentityTransform(), "n")),
        sort_order=SortOrder(SortField(5, IdentityTransform())),
        properties={"format-version": "2", "comment": "x"},
    )
    values = {"id": [1, 2, 3], "name": ["a", None, "c"], "n": [10, 10, 20]}
    table.append(pa.table(values, schema=pa.schema([*COLUMNS, ("n", pa.int32())])))
    with table.update_schema() as update:
        update.add_column("added", StringType())
        update.rename_column("name", "title")
        update.update_column("n", field_type=LongType())
        update.move_first("added")
    with table.update_spec() as update:
        update.add_field("id", BucketTransform(4), "b")
    with table.transaction() as transaction:
        transaction.set_properties(comment="y", more="z")
        transaction.remove_properties("comment")
    loaded = catalog.load_table("pyiceberg.evolved")
    checks.equal("columns", [field.name for field in loaded.schema().fields], ["added", "id", "title", "n"])
    checks.equal("partitions", [field.name for field in loaded.spec().fields], ["n", "b"])
    checks.equal("properties", loaded.properties.get("more", "") + loaded.properties.get("comment", "-"), "z-")
    loaded.overwrite(loaded.scan(row_filter=EqualTo("id", 2)).to_arrow(), overwrite_filter=EqualTo("n", 10))
    checks.equal("overwritten", ids(catalog.load_table("pyiceberg.evolved")), [2, 3])
    checks.equal("an older snapshot", ids(loaded, snapshot_id=loaded.history()[0].snapshot_id), [1, 2, 3])
    loaded.manage_snapshots().create_tag(loaded.history()[0].snapshot_id, "first").commit()
    tagged = catalog.load_table("pyiceberg.evolved").scan().use_ref("first").to_arrow()
    checks.equal("a tag inside the table", sorted(tagged["id"].to_pylist()), [1, 2, 3])


def staged_creation():
    with catalog.create_table_transaction("pyiceberg.staged", schema=COLUMNS) as transaction:
        transaction.append(rows_of(1, 2))
        checks.equal("a staged table is not there", catalog.table_exists("pyiceberg.staged"), False)
    checks.equal("a staged table has its rows", ids(catalog.load_table("pyiceberg.staged")), [1, 2])


def conflicts():
    table = catalog.create_table("pyiceberg.raced", schema=COLUMNS)
    first, second = catalog.load_table("pyiceberg.raced"), catalog.load_table("pyiceberg.raced")
    first.append(rows_of(1))
    second.append(rows_of(2))
    checks.equal("an append that lost is tried again", ids(table.refresh()), [1, 2])
    stale = catalog.load_table("pyiceberg.raced")
    with table.update_schema() as update:
        update.add_column("x", StringType())

    def add_another():
        with stale.update_schema() as update:
            update.add_column("y", StringType())

    checks.raises("a change of what another changed", ["CommitFailedException"], add_another)


def at_once():
    writers = 8
    properties = {"commit.retry.num-retries": "50", "commit.retry.min-wait-ms": "20", "commit.retry.max-wait-ms": "500"}
    catalog.create_table("pyiceberg.busy", schema=COLUMNS, properties=properties)

    def write(number):
        mine = connect()
        mine.create_table(f"pyiceberg.own{number}", schema=COLUMNS).append(rows_of(number))
        mine.load_table("pyiceberg.busy").append(rows_of(number))

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(1, writers + 1)))
    checks.equal("all who wrote one table at once", ids(catalog.load_table("pyiceberg.busy")), [*range(1, writers + 1)])
    own = [ids(catalog.load_table(f"pyiceberg.own{number}")) for number in range(1, writers + 1)]
    checks.equal("all who wrote tables of their own", own, [[number] for number in range(1, writers + 1)])


def places():
    table = catalog.create_table("pyiceberg.placed", schema=COLUMNS)
    table.append(rows_of(1))
    checks.api("POST", "/refs", name="v1", type="TAG", **{"from": "main"})
    branch = checks.api("POST", "/refs", name="team/dev", **{"from": "main"})
    dev = connect(warehouse="team/dev")
    dev.load_table("pyiceberg.placed").append(rows_of(2))
    dev.create_table("pyiceberg.dev_only", schema=COLUMNS)
    checks.equal("rows of a branch", ids(dev.load_table("pyiceberg.placed")), [1, 2])
    checks.equal("rows of main beside it", ids(table.refresh()), [1])
    checks.equal("a table of the branch on main", catalog.table_exists("pyiceberg.dev_only"), False)
    table.append(rows_of(3))
    for place in ("v1", f"main@{branch['hash'][:12]}", branch["hash"]):
        there = connect(prefix=place)
        checks.equal(f"rows at {place[:6]}", ids(there.load_table("pyiceberg.placed")), [1])
        append = there.load_table("pyiceberg.placed").append
        checks.raises(f"a write at {place[:6]}", ["ForbiddenError"], lambda append=append: append(rows_of(4)))
    checks.raises("a place that is not there", ["NotFound", "404", "NoSuchWarehouse"], lambda: connect(warehouse="nope"))


def planning():
    planner = connect(**{"scan-planning-mode": "server"})
    checks.equal("the server plans", planner.supports_server_side_planning(), True)
    mine, theirs = (one.load_table("pyiceberg.evolved") for one in (catalog, planner))
    filters = [
        EqualTo("id", 2),
        NotEqualTo("title", "c"),
        Not(EqualTo("title", "c")),
        IsNull("title"),
        And(GreaterThan("id", 1), LessThanOrEqual("n", 20)),
    ]
    for row_filter in filters:
        checks.equal(f"planned {row_filter}", ids(theirs, row_filter=row_filter), ids(mine, row_filter=row_filter))


def names():
    namespace = ("pyiceberg", "a.b/c 😀+%25")
    catalog.create_namespace(namespace)
    checks.equal("nested namespaces", catalog.list_namespaces("pyiceberg"), [namespace])
    for name in ('t 100% "q"', "*.*", "a/b", "x" * 1000):
        table = catalog.create_table((*namespace, name), schema=COLUMNS)
        table.append(rows_of(1))
        checks.equal(f"rows of {name[:9]}", ids(catalog.load_table((*namespace, name))), [1])
    checks.equal("tables by such names", len(catalog.list_tables(namespace)), 4)


def the_rest():
    catalog.update_namespace_properties("pyiceberg", removals={"owner"}, updates={"k": "v"})
    properties = catalog.load_namespace_properties("pyiceberg")
    checks.equal("namespace properties", sorted(properties), ["k", "location"])
    table = catalog.create_table("pyiceberg.moving", schema=COLUMNS)
    table.append(rows_of(1))
    catalog.rename_table("pyiceberg.moving", "pyiceberg.moved")
    checks.equal("a renamed table", ids(catalog.load_table("pyiceberg.moved")), [1])
    location = catalog.load_table("pyiceberg.moved").metadata_location
    catalog.drop_table("pyiceberg.moved")
    catalog.register_table("pyiceberg.again", location)
    checks.equal("a registered table", ids(catalog.load_table("pyiceberg.again")), [1])
    catalog.purge_table("pyiceberg.again")
    checks.equal("a purged table", catalog.table_exists("pyiceberg.again"), False)
    checks.raises("no such table", ["NoSuchTableError"], lambda: catalog.load_table("pyiceberg.again"))
    checks.raises("no such namespace", ["NoSuchNamespaceError"], lambda: catalog.list_tables("nope"))
    checks.raises("the name is taken", ["TableAlreadyExistsError"], lambda: catalog.create_table("pyiceberg.shared", COLUMNS))
    checks.raises("not empty", ["NamespaceNotEmptyError"], lambda: catalog.drop_namespace("pyiceberg"))
    checks.raises(
        "a wrong secret",
        ["Unauthorized", "OAuthError", "invalid_client"],
        lambda: load_catalog("no", type="rest", uri=f"{checks.url}/iceberg", credential="pyiceberg:wrong"),
    )
    with_token = load_catalog("token", type="rest", uri=f"{checks.url}/iceberg", token=checks.token)
    checks.equal("the server's token is one", with_token.table_exists("pyiceberg.shared"), True)


checks.run(shared, evolution, staged_creation, conflicts, at_once, places, planning, names, the_rest)
