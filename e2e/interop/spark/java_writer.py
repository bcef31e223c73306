"""Writes that Spark's SQL does not know, made with Iceberg's Java library in Spark's process."""

import dataclasses
from collections.abc import Callable

from .table import SparkTable


@dataclasses.dataclass(frozen=True)
class EqualityDelete:
    """Every row that equals one of the rows of `values` (SQL; {t} is the table) in the columns is deleted."""

    columns: str
    values: str
    #: Values of the partition that it is for, by partition field.
    partition: dict | None = None
    #: The partition spec it is written by; the current one where not given.
    spec: int | None = None
    file_format: str = "PARQUET"


def delete_by_equality(*deletes: EqualityDelete) -> Callable[[SparkTable], None]:
    return upsert(None, "", *deletes)


def upsert(columns: str | None, rows: str, *deletes: EqualityDelete) -> Callable[[SparkTable], None]:
    """One commit of rows and deletes. The deletes do not hold for those rows, which have the same sequence number."""

    def step(made: SparkTable) -> None:
        table = made.java()
        commit = table.newRowDelta()
        if columns is not None:
            commit.addRows(write_data(made, table, columns, rows))
        for delete in deletes:
            commit.addDeletes(write_equality_delete(made, table, delete))
        commit.commit()

    return step


def write_data(made: SparkTable, table, columns: str, rows: str):
    schema, records = java_records(made, table, columns, rows)
    factory = writer_factory(made, table, "PARQUET").dataSchema(schema).build()
    return close(factory.newDataWriter(new_file(made, table, "PARQUET"), table.spec(), None), records).toDataFile()


def write_equality_delete(made: SparkTable, table, delete: EqualityDelete):
    schema, records = java_records(made, table, delete.columns, delete.values)
    fields = list(schema.columns())
    identifiers = made.session.sparkContext._gateway.new_array(made.jvm.int, len(fields))
    for position, field in enumerate(fields):
        identifiers[position] = field.fieldId()
    factory = writer_factory(made, table, delete.file_format).equalityFieldIds(identifiers).equalityDeleteRowSchema(schema)
    spec = table.spec() if delete.spec is None else table.specs().get(delete.spec)
    file = new_file(made, table, delete.file_format)
    writer = factory.build().newEqualityDeleteWriter(file, spec, partition_of(made, spec, delete.partition))
    return close(writer, records).toDeleteFile()


def java_records(made: SparkTable, table, columns: str, values: str):
    """The rows of a query as Iceberg's records: Spark writes them into a table of their own, Java reads them."""
    names = [name.strip() for name in columns.split(",")]
    scratch = f"{made.kind.catalog}.theirs.scratch"
    made.sql(f"DROP TABLE IF EXISTS {scratch} PURGE")
    made.sql(f"CREATE TABLE {scratch} USING iceberg AS SELECT {columns} FROM {{t}} WHERE false")
    made.sql(f"INSERT INTO {scratch} {values}")
    source = made.jvm.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(made.session._jsparkSession, scratch)
    fields = made.jvm.java.util.ArrayList()
    for name in names:
        fields.add(table.schema().findField(name))
    return made.jvm.org.apache.iceberg.Schema(fields), made.jvm.org.apache.iceberg.data.IcebergGenerics.read(source).build()


def partition_of(made: SparkTable, spec, values: dict | None):
    if values is None:
        return None
    partition = made.jvm.org.apache.iceberg.PartitionData(spec.partitionType())
    for position, field in enumerate(spec.fields()):
        partition.set(position, values[field.name()])
    return partition


def writer_factory(made: SparkTable, table, file_format: str):
    java_format = made.jvm.org.apache.iceberg.FileFormat.valueOf(file_format)
    builder = made.jvm.org.apache.iceberg.data.GenericFileWriterFactory.Builder(table)
    return builder.dataFileFormat(java_format).deleteFileFormat(java_format).dataSchema(table.schema())


def new_file(made: SparkTable, table, file_format: str):
    java_format = made.jvm.org.apache.iceberg.FileFormat.valueOf(file_format)
    return made.jvm.org.apache.iceberg.io.OutputFileFactory.builderFor(table, 1, 1).format(java_format).build().newOutputFile()


def close(writer, records):
    found = records.iterator()
    while found.hasNext():
        writer.write(found.next())
    records.close()
    writer.close()
    return writer
