/** The first facts of a GGUF's header, read cheaply: one read of a few kilobytes, however large the file is. */
import * as fs from "node:fs/promises";
import { SCALAR_BYTES, STRING, UINT32 } from "../model/gguf/value-types.ts";

/** What the beginning of a header says. */
export interface GgufFacts {
  readonly architecture: string | null;
  /** Name of llama.cpp's file type, for example `Q4_K_M`. */
  readonly quantisation: string | null;
}

const HEAD_BYTES = 64 << 10;
/** Entries that are looked at: `general.*` stand first. */
const MOST_ENTRIES = 64;

/** `enum llama_ftype` of llama.h, without its prefix. */
const FILE_TYPES: Readonly<Record<number, string>> = {
  0: "F32",
  1: "F16",
  2: "Q4_0",
  3: "Q4_1",
  7: "Q8_0",
  8: "Q5_0",
  9: "Q5_1",
  10: "Q2_K",
  11: "Q3_K_S",
  12: "Q3_K_M",
  13: "Q3_K_L",
  14: "Q4_K_S",
  15: "Q4_K_M",
  16: "Q5_K_S",
  17: "Q5_K_M",
  18: "Q6_K",
  19: "IQ2_XXS",
  20: "IQ2_XS",
  21: "Q2_K_S",
  22: "IQ3_XS",
  23: "IQ3_XXS",
  24: "IQ1_S",
  25: "IQ4_NL",
  26: "IQ3_S",
  27: "IQ3_M",
  28: "IQ2_S",
  29: "IQ2_M",
  30: "IQ4_XS",
  31: "IQ1_M",
  32: "BF16",
  36: "TQ1_0",
  37: "TQ2_0",
  38: "MXFP4",
};

/** The facts of a file; null when it is no GGUF or cannot be read. */
export async function ggufFacts(file: string): Promise<GgufFacts | null> {
  const head = await headOf(file);
  if (!head || head.length < 24 || head.toString("latin1", 0, 4) !== "GGUF") return null;
  let architecture: string | null = null;
  let quantisation: string | null = null;
  const entries = Math.min(MOST_ENTRIES, Number(head.readBigUInt64LE(16)));
  let at = 24;
  /** A string of the header; null where it leaves the window. */
  const string = (): string | null => {
    if (at + 8 > head.length) return null;
    const length = Number(head.readBigUInt64LE(at));
    if (at + 8 + length > head.length) return null;
    const text = head.toString("utf8", at + 8, at + 8 + length);
    at += 8 + length;
    return text;
  };
  for (let i = 0; i < entries; i++) {
    const key = string();
    if (key === null || at + 4 > head.length) break;
    const type = head.readUInt32LE(at);
    at += 4;
    if (type === STRING) {
      const value = string();
      if (value === null) break;
      if (key === "general.architecture") architecture = value;
      continue;
    }
    const bytes = SCALAR_BYTES[type];
    // Arrays are the vocabulary: what stands behind them is not cheap to reach.
    if (bytes === undefined || at + bytes > head.length) break;
    if (key === "general.file_type" && type === UINT32) {
      quantisation = FILE_TYPES[head.readUInt32LE(at)] ?? null;
    }
    at += bytes;
  }
  return { architecture, quantisation };
}

async function headOf(file: string): Promise<Buffer | null> {
  const handle = await fs.open(file, "r").catch(() => null);
  if (!handle) return null;
  try {
    const buffer = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(buffer, 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
