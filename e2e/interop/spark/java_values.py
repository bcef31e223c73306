"""Values of Iceberg's Java library in the form of canonical.py."""

from canonical import canonical
from py4j.java_gateway import JavaClass


def canonical_value(value, java_type):
    """`value` is what py4j made of a Java value: numbers, text and bytes are Python's, the others are still Java's."""
    if value is None:
        return None
    kind = java_type.typeId().toString()
    match kind:
        case "STRUCT":
            fields = list(java_type.fields())
            return {field.name(): canonical_value(value.get(position), field.type()) for position, field in enumerate(fields)}
        case "LIST":
            return [canonical_value(item, java_type.elementType()) for item in value]
        case "MAP":
            entries = value.entrySet().iterator()
            pairs = []
            while entries.hasNext():
                entry = entries.next()
                pairs.append([canonical_value(entry.getKey(), java_type.keyType()), canonical_value(entry.getValue(), java_type.valueType())])
            return pairs
        case "DATE":
            return str(value.toEpochDay())
        case "TIME":
            return str(value.toNanoOfDay() // 1000)
        case "TIMESTAMP" | "TIMESTAMP_NANO":
            instant = value.toInstant() if java_type.shouldAdjustToUTC() else value.toInstant(utc_offset(value))
            return str(instant.getEpochSecond() * 1_000_000_000 + instant.getNano())
        case "UUID":
            return value.toString()
        case "BINARY":
            return bytes(value.array()).hex()
    return canonical(value)


def utc_offset(value):
    return JavaClass("java.time.ZoneOffset", value._gateway_client).UTC
