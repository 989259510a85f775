/** Reads TensorProto messages without their weights. */
import type { FileWindow } from "./file-window.ts";
import type { ByteRange, ExternalData, OnnxTensor } from "./graph.ts";
import type { Field, ProtobufReader } from "./protobuf-reader.ts";

/** Contents of tensors up to this size are kept. */
const SMALL_BYTES = 4096;
/** Integer lists of tensors longer than this are weights, not shapes or axes. */
const MOST_INTEGERS = 1024;

/** Reads a TensorProto: where its data stands, and the data itself only when it is small. */
export function readTensor(protobuf: ProtobufReader, window: FileWindow, field: Field): OnnxTensor {
  const dims: number[] = [];
  const integers: number[] = [];
  let [name, dataType, external] = ["", 0, false];
  let raw: ByteRange | null = null;
  const entries = new Map<string, string>();
  for (const inner of protobuf.fields(field.start, field.end)) {
    switch (inner.number) {
      case 1:
        protobuf.integers(inner, dims);
        break;
      case 2:
        dataType = inner.value;
        break;
      case 5:
      case 7:
        if (integers.length > MOST_INTEGERS) break;
        // A number takes up to ten bytes; a list too long by its bytes alone is not read at all.
        if (inner.end - inner.start <= 10 * MOST_INTEGERS) protobuf.integers(inner, integers);
        else integers.length = MOST_INTEGERS + 1;
        break;
      case 8:
        name = protobuf.string(inner);
        break;
      case 9:
        raw = { offset: inner.start, length: inner.end - inner.start };
        break;
      case 13: {
        const [key, value] = entry(protobuf, protobuf.message(inner));
        entries.set(key, value);
        break;
      }
      case 14:
        external = inner.value === 1;
        break;
    }
  }
  return {
    name,
    dataType,
    dims,
    span: { offset: field.start, length: field.end - field.start },
    raw,
    rawBytes: raw && raw.length <= SMALL_BYTES ? window.read(raw.offset, raw.length) : null,
    external: external ? placeOf(protobuf, name, entries) : null,
    integers: integers.length > 0 && integers.length <= MOST_INTEGERS ? integers : null,
    message: null,
  };
}

function placeOf(
  protobuf: ProtobufReader,
  tensor: string,
  entries: ReadonlyMap<string, string>,
): ExternalData {
  const location = entries.get("location");
  const offset = Number(entries.get("offset") ?? "0");
  const length = entries.has("length") ? Number(entries.get("length")) : null;
  const valid = (count: number): boolean => Number.isSafeInteger(count) && count >= 0;
  if (!location || !valid(offset) || (length !== null && !valid(length))) {
    throw protobuf.notOnnx(`the place of its weight ${tensor} is not readable`);
  }
  return { location, offset, length };
}

function entry(protobuf: ProtobufReader, field: Field): [string, string] {
  let [key, value] = ["", ""];
  for (const inner of protobuf.fields(field.start, field.end)) {
    if (inner.number === 1) key = protobuf.string(inner);
    else if (inner.number === 2) value = protobuf.string(inner);
  }
  return [key, value];
}
