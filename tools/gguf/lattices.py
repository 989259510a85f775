"""Writes the lattices of the IQ types as TypeScript, out of the tables of the Python package gguf.

Usage: pip install gguf==0.19.0 && python tools/gguf/lattices.py > src/engine/model/gguf/codes/lattices.ts
"""
import base64

from gguf import quants

HEADER = """/**
 * The lattices of GGML's IQ types: a code stands for a point of four or eight coordinates (`iq2xxs_grid` and others of
 * ggml-common.h). Written by tools/gguf/lattices.py: coordinates are packed, lowest bits first, as places in `values`.
 */

/** Points of one lattice as they are stored. */
export interface Lattice {
  /** Coordinates of a point. */
  readonly dimensions: 4 | 8;
  /** What a coordinate can be. */
  readonly values: readonly number[];
  /** Bits of a coordinate in `packed`. */
  readonly bits: 2 | 4;
  /** Base64. */
  readonly packed: string;
}
"""
LINE = 100


def main() -> None:
    print(HEADER)
    tables = []
    for name in ["IQ2_XXS", "IQ2_XS", "IQ2_S", "IQ3_XXS", "IQ3_S", "IQ1_S"]:
        kind = getattr(quants, name)
        points, dimensions = kind.grid_shape
        packed = bytes.fromhex(kind.grid_hex.decode())
        bits = len(packed) * 8 // (points * dimensions)
        text = base64.b64encode(packed).decode()
        lines = "\n".join(text[at : at + LINE] for at in range(0, len(text), LINE))
        tables.append(
            f"export const {name}: Lattice = {{\n  dimensions: {dimensions},\n  values: {list(kind.grid_map)},\n"
            f"  bits: {bits},\n  packed: `\n{lines}\n`,\n}};"
        )
    print("\n\n".join(tables))


main()
