/** Reads ValueInfoProto messages: names, element types and shapes. */
import type { OnnxValue } from "./graph.ts";
import type { Field, ProtobufReader } from "./protobuf-reader.ts";

/** Reads a ValueInfoProto. */
export function readValue(protobuf: ProtobufReader, field: Field): OnnxValue {
  let name = "";
  let [dataType, dims]: [number, OnnxValue["dims"]] = [0, null];
  for (const inner of protobuf.fields(field.start, field.end)) {
    if (inner.number === 1) name = protobuf.string(inner);
    else if (inner.number === 2) [dataType, dims] = readType(protobuf, protobuf.message(inner));
  }
  return { name, dataType, dims };
}

/** Element type and shape of a tensor type; 0 and null for sequences and maps. */
function readType(protobuf: ProtobufReader, field: Field): [number, OnnxValue["dims"]] {
  let dataType = 0;
  let dims: (number | string | null)[] | null = null;
  for (const kind of protobuf.fields(field.start, field.end)) {
    if (kind.number !== 1) continue;
    protobuf.message(kind);
    for (const inner of protobuf.fields(kind.start, kind.end)) {
      if (inner.number === 1) dataType = inner.value;
      else if (inner.number === 2) dims = readShape(protobuf, protobuf.message(inner));
    }
  }
  return [dataType, dims];
}

function readShape(protobuf: ProtobufReader, field: Field): (number | string | null)[] {
  const dims: (number | string | null)[] = [];
  for (const dimension of protobuf.fields(field.start, field.end)) {
    if (dimension.number !== 1) continue;
    let size: number | string | null = null;
    protobuf.message(dimension);
    for (const inner of protobuf.fields(dimension.start, dimension.end)) {
      if (inner.number === 1) size = inner.value;
      else if (inner.number === 2) size = protobuf.string(inner) || null;
    }
    dims.push(size);
  }
  return dims;
}
