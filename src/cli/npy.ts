/** NumPy's `.npy` format, version 1.0: float32, little-endian, C order (numpy.lib.format). */
import * as os from "node:os";

/** The magic string and version 1.0 take 8 bytes, the header's length 2. */
const PREAMBLE_BYTES = 10;
const ALIGNMENT = 64;

/**
 * The bytes before the data.
 *
 * @returns magic string, version, header length and header, padded so that the data begin at a multiple of 64 bytes
 */
export function npyHeader(shape: readonly number[]): Buffer {
  const dimensions = shape.length === 1 ? `${shape[0]!},` : shape.join(", ");
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${dimensions}), }`;
  // The header ends with a line feed, which counts.
  const unpadded = PREAMBLE_BYTES + dictionary.length + 1;
  const padding = (ALIGNMENT - (unpadded % ALIGNMENT)) % ALIGNMENT;
  const header = `${dictionary}${" ".repeat(padding)}\n`;
  const preamble = Buffer.from([0x93, ...Buffer.from("NUMPY", "latin1"), 1, 0, 0, 0]);
  preamble.writeUInt16LE(header.length, 8);
  return Buffer.concat([preamble, Buffer.from(header, "latin1")]);
}

/** The data as little-endian bytes, without a copy where the machine is little-endian itself. */
export function littleEndianBytes(data: Float32Array): Buffer {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return os.endianness() === "LE" ? bytes : Buffer.from(bytes).swap32();
}
