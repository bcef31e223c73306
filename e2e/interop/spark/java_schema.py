"""Schemas that Spark's SQL can't make, made with Iceberg's Java library."""

from collections.abc import Callable

from .java_writer import new_file, writer_factory
from .table import Kind, SparkTable


def java_type(made: SparkTable, name: str):
    return made.jvm.org.apache.iceberg.types.Types.fromPrimitiveString(name)


def java_literal(made: SparkTable, type_name: str, value):
    """A literal of the type, by way of its text where Java would take the value for another type."""
    literals = made.jvm.org.apache.iceberg.expressions.Literal
    return literals.of(value).to(java_type(made, type_name))


def add_column_with_default(path: str, type_name: str, value) -> Callable[[SparkTable], None]:
    def step(made: SparkTable) -> None:
        parent, _, name = path.rpartition(".")
        update, default = made.java().updateSchema(), java_literal(made, type_name, value)
        if parent:
            update.addColumn(parent, name, java_type(made, type_name), default).commit()
        else:
            update.addColumn(name, java_type(made, type_name), default).commit()

    return step


def set_write_default(name: str, type_name: str, value) -> Callable[[SparkTable], None]:
    def step(made: SparkTable) -> None:
        made.java().updateSchema().updateColumnDefault(name, java_literal(made, type_name, value)).commit()

    return step


def bytes_of(jvm, text: str):
    return jvm.java.nio.ByteBuffer.wrap(bytes.fromhex(text))


#: Name, Iceberg type, format version from which, how Java takes a value, and values with their canonical form.
RARE = [
    ("tm", "time", 2, lambda jvm, text: jvm.java.time.LocalTime.parse(text), [("12:34:56.789012", "45296789012"), ("23:59:59.999999", "86399999999")]),
    ("u", "uuid", 2, lambda jvm, text: jvm.java.util.UUID.fromString(text), [("f79c3e09-677c-4bbd-a479-3f349cb785e7",) * 2, ("00000000-0000-0000-0000-000000000000",) * 2]),
    ("fx", "fixed[4]", 2, lambda _, text: bytes.fromhex(text), [("00ff10ab",) * 2, ("ffffffff",) * 2]),
    ("bl", "binary", 2, bytes_of, [("",) * 2, ("00ff",) * 2]),
    ("d1", "decimal(1, 0)", 2, lambda jvm, text: jvm.java.math.BigDecimal(text), [("-9",) * 2, ("0",) * 2]),
    ("d38", "decimal(38, 38)", 2, lambda jvm, text: jvm.java.math.BigDecimal(text), [("0." + "9" * 38,) * 2, ("-0." + "0" * 37 + "1",) * 2]),
    ("ns", "timestamp_ns", 3, lambda jvm, text: jvm.java.time.LocalDateTime.parse(text), [("2024-02-29T12:34:56.123456789", "1709210096123456789"), ("1969-12-31T23:59:59.999999999", "-1")]),
    ("nz", "timestamptz_ns", 3, lambda jvm, text: jvm.java.time.OffsetDateTime.parse(text), [("2024-02-29T12:34:56.123456789Z", "1709210096123456789"), ("1969-12-31T23:59:59.999999999Z", "-1")]),
    ("geo", "geometry(EPSG:4326)", 3, bytes_of, [("0101000000000000000000f03f0000000000000040",) * 2, ("01010000000000000000000000000000000000f0bf",) * 2]),
    ("un", "unknown", 3, lambda _, text: text, [(None, None), (None, None)]),
]


def create_with_all_types(name: str, version: int, file_format: str) -> Kind:
    columns = [column for column in RARE if version >= column[2]]

    def step(made: SparkTable) -> None:
        jvm = made.jvm
        types = jvm.org.apache.iceberg.types.Types
        fields = jvm.java.util.ArrayList()
        fields.add(types.NestedField.required(1, "id", types.IntegerType.get()))
        for position, (column, type_name, *_) in enumerate(columns):
            fields.add(types.NestedField.optional(position + 2, column, java_type(made, type_name)))
        schema = jvm.org.apache.iceberg.Schema(fields)
        catalog = made.session._jsparkSession.sessionState().catalogManager().catalog("lake").icebergCatalog()
        builder = catalog.buildTable(jvm.org.apache.iceberg.catalog.TableIdentifier.parse(f"theirs.{name}"), schema)
        table = (
            builder.withLocation(f"file://{made.folder}")
            .withProperty("format-version", str(version))
            .withProperty("write.format.default", file_format)
            .create()
        )
        java_format = file_format.upper()
        writer = writer_factory(made, table, java_format).build().newDataWriter(new_file(made, table, java_format), table.spec(), None)
        for identifier in range(3):
            record = jvm.org.apache.iceberg.data.GenericRecord.create(schema)
            record.setField("id", identifier)
            for column, _, _, convert, values in columns:
                text = values[identifier][0] if identifier < 2 else None
                record.setField(column, None if text is None else convert(jvm, text))
            writer.write(record)
        writer.close()
        table.newAppend().appendFile(writer.toDataFile()).commit()

    expected = [
        [str(identifier), *(values[identifier][1] if identifier < 2 else None for *_, values in columns)] for identifier in range(3)
    ]
    return Kind(name, [step], expected=expected)
