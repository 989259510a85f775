/** Which machine this is, and which one a library was built for, by the names of VS Code's targets. */
import * as fs from "node:fs";

/** `linux-x64`; with musl in place of glibc `alpine-x64`. */
export function machineName(): string {
  const { platform, arch } = process;
  return `${platform === "linux" && !hasGlibc() ? "alpine" : platform}-${arch}`;
}

/** By the loader that a program asks for, which takes far less time than the report. */
export function hasGlibc(program = process.execPath): boolean {
  const loader = /\/ld-(musl|linux)/.exec(headOf(program)?.toString("latin1") ?? "");
  if (loader) return loader[1] === "linux";
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime !== undefined;
}

/** Bytes that tell: ELF and Mach-O say it at the front, a PE header and an ELF file's loader lie not far behind. */
const HEAD_BYTES = 4096;

/** Null where there is no such file. */
function headOf(file: string | URL): Buffer | null {
  const head = Buffer.alloc(HEAD_BYTES);
  try {
    const handle = fs.openSync(file, "r");
    try {
      fs.readSync(handle, head, 0, HEAD_BYTES, 0);
    } finally {
      fs.closeSync(handle);
    }
  } catch {
    return null;
  }
  return head;
}

/** The machine that a native library is for, by its header; null where it is none, or there is no such file. */
export function builtFor(file: string | URL): string | null {
  const head = headOf(file);
  if (!head) return null;
  if (head.readUInt32BE(0) === 0x7f454c46)
    return named("linux", { 62: "x64", 183: "arm64" }, head.readUInt16LE(18));
  if (head.readUInt32LE(0) === 0xfeedfacf)
    return named("darwin", { 0x01000007: "x64", 0x0100000c: "arm64" }, head.readUInt32LE(4));
  if (head.toString("latin1", 0, 2) !== "MZ") return null;
  const header = Math.min(head.readUInt32LE(0x3c), HEAD_BYTES - 6);
  return named("win32", { 0x8664: "x64", 0xaa64: "arm64" }, head.readUInt16LE(header + 4));
}

function named(platform: string, archs: Readonly<Record<number, string>>, code: number): string | null {
  const arch = archs[code];
  return arch === undefined ? null : `${platform}-${arch}`;
}
