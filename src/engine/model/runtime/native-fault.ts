/** Why the native library does not load, by what the loader threw. */
import type { RuntimeFault } from "../../../shared/experiment/runtime.ts";
import { NATIVE_MACHINES } from "../../../shared/experiment/runtime.ts";

/** What decides beside the error. */
interface Surroundings {
  /** This one. */
  readonly machine: string;
  /** Of the library at hand. */
  readonly builtFor: string | null;
}

/** The fault behind an error of loading the native library. */
export function nativeFault(error: unknown, { machine, builtFor }: Surroundings): RuntimeFault {
  const text = error instanceof Error ? error.message : String(error);
  const loader = error instanceof Error && "code" in error ? error.code : null;
  return {
    runtime: "native",
    code: codeOf(text, loader, machine, builtFor),
    machine,
    builtFor,
    detail: text.split("\n")[0]!.trim(),
  };
}

function codeOf(
  text: string,
  loader: unknown,
  machine: string,
  builtFor: string | null,
): RuntimeFault["code"] {
  if (builtFor !== null && builtFor !== machine) return "wrong-machine";
  if (!NATIVE_MACHINES.includes(machine)) return "no-build";
  if (/^(ERR_)?MODULE_NOT_FOUND$/.test(String(loader))) return "missing";
  // The library beside the binding, in the words of glibc's loader and of macOS's.
  if (/libonnxruntime\S*: cannot open shared object|Library not loaded: \S*libonnxruntime/.test(text))
    return "missing";
  if (/GLIBC(XX)?_|CXXABI_/.test(text)) return "old-system";
  // Windows says in its own language, and without a name, that a module was not found.
  if (machine.startsWith("win32") && loader === "ERR_DLOPEN_FAILED") return "no-vc-runtime";
  return "failed";
}
