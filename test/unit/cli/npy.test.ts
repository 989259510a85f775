/** NumPy files: the header, and the bytes behind it. */
import { expect, test } from "vitest";
import { littleEndianBytes, npyHeader } from "../../../src/cli/npy.ts";

test("a NumPy header is padded to 64 bytes and says shape and type", () => {
  for (const shape of [[5], [5, 12], [31, 26, 576]]) {
    const header = npyHeader(shape);
    expect(header.length % 64).toBe(0);
    expect([...header.subarray(0, 8)]).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    expect(header.readUInt16LE(8)).toBe(header.length - 10);
    expect(header.toString("latin1")).toMatch(
      /^[^{]*\{'descr': '<f4', 'fortran_order': False, 'shape': \([\d, ]+\), \} *\n$/,
    );
  }
  expect(npyHeader([5]).toString("latin1")).toContain("(5,)");
  expect([...littleEndianBytes(new Float32Array([1]))]).toEqual([0, 0, 0x80, 0x3f]);
});
