/** Packages by target: one for each machine that ONNX Runtime has a native library for, and one for all others. */

/** Machines with a native library, by their names among VS Code's targets, with the library's file. */
export const NATIVE_TARGETS = {
  "linux-x64": { folder: "linux/x64", library: "libonnxruntime.so.1" },
  "linux-arm64": { folder: "linux/arm64", library: "libonnxruntime.so.1" },
  "darwin-arm64": { folder: "darwin/arm64", library: "libonnxruntime.1.dylib" },
  "win32-x64": { folder: "win32/x64", library: "onnxruntime.dll" },
  "win32-arm64": { folder: "win32/arm64", library: "onnxruntime.dll" },
} as const;

type NativeTarget = keyof typeof NATIVE_TARGETS;

/** `universal` holds the WebAssembly runtime alone and runs wherever Node does. */
export type Target = NativeTarget | "universal";

/** In the order in which they are published: the universal one last, which is taken where no other fits. */
export const TARGETS: readonly Target[] = [...(Object.keys(NATIVE_TARGETS) as NativeTarget[]), "universal"];

/** In a package, beside its bundles: `{ "target": … }`. A checkout has none. */
export const TARGET_FILE = "target.json";

/**
 * The package for a machine.
 *
 * @param platform as Node names it
 * @param arch as Node names it
 * @param isMusl a Linux without glibc, such as Alpine
 */
export function targetOf(platform: string, arch: string, isMusl: boolean): Target {
  const name = `${platform}-${arch}`;
  return !isMusl && name in NATIVE_TARGETS ? (name as NativeTarget) : "universal";
}
