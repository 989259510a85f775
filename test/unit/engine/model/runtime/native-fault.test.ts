import { describe, expect, it } from "vitest";
import { nativeFault } from "../../../../../src/engine/model/runtime/native-fault.ts";
import { cureText, faultText } from "../../../../../src/shared/words/runtime.ts";

/** As the loaders of each system say it. */
function error(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}

const DLOPEN = "ERR_DLOPEN_FAILED";
const BINDING = "/ext/dist/native/onnxruntime_binding.node";
const CASES = [
  {
    what: "a machine without a library",
    error: error("Cannot find module './native/onnxruntime_binding.node'", "MODULE_NOT_FOUND"),
    machine: "darwin-x64",
    builtFor: null,
    code: "no-build",
    says: /does not exist for darwin-x64/,
    cure: /^$/,
  },
  {
    what: "an installation without the library",
    error: error("Cannot find module './native/onnxruntime_binding.node'", "MODULE_NOT_FOUND"),
    machine: "linux-x64",
    builtFor: null,
    code: "missing",
    says: /files of the runtime native are not there/,
    cure: /Install the build of State Swap for linux-x64\./,
  },
  {
    what: "a binding without its library",
    error: error("libonnxruntime.so.1: cannot open shared object file: No such file or directory", DLOPEN),
    machine: "linux-arm64",
    builtFor: "linux-arm64",
    code: "missing",
    says: /files of the runtime native are not there/,
    cure: /for linux-arm64\./,
  },
  {
    what: "the build for another machine",
    error: error(`${BINDING}: invalid ELF header`, DLOPEN),
    machine: "linux-x64",
    builtFor: "darwin-arm64",
    code: "wrong-machine",
    says: /This is the build of State Swap for darwin-arm64, and this machine is linux-x64\./,
    cure: /for linux-x64\./,
  },
  {
    what: "the build for another machine where there is no library",
    error: error(`${BINDING}: Error loading shared library ld-linux-x86-64.so.2`, DLOPEN),
    machine: "alpine-x64",
    builtFor: "linux-x64",
    code: "wrong-machine",
    says: /build of State Swap for linux-x64, and this machine is alpine-x64\./,
    cure: /^Install the universal build of State Swap\.$/,
  },
  {
    what: "Windows without the Visual C++ runtime, in whatever language",
    error: error(`Das angegebene Modul wurde nicht gefunden.\r\n\\\\?\\C:\\ext\\x.node`, DLOPEN),
    machine: "win32-x64",
    builtFor: "win32-x64",
    code: "no-vc-runtime",
    says: /Visual C\+\+/,
    cure: /Microsoft Visual C\+\+ Redistributable 2015–2022/,
  },
  {
    what: "an old Linux",
    error: error(`/lib64/libc.so.6: version \`GLIBC_2.28' not found (required by ${BINDING})`, DLOPEN),
    machine: "linux-x64",
    builtFor: "linux-x64",
    code: "old-system",
    says: /glibc 2\.28/,
    cure: /newer system/,
  },
  {
    what: "an error that nobody knows",
    error: error(`${BINDING}: out of magic.`, DLOPEN),
    machine: "linux-x64",
    builtFor: "linux-x64",
    code: "failed",
    says: /does not load: .*out of magic\.$/,
    cure: /^$/,
  },
];

describe("a native library that does not load", () => {
  it.each(CASES)("tells $what", ({ error: thrown, machine, builtFor, code, says, cure }) => {
    const fault = nativeFault(thrown, { machine, builtFor });
    expect(fault).toMatchObject({ runtime: "native", code, machine, builtFor });
    expect(fault.detail).not.toMatch(/\n/);
    expect(faultText(fault)).toMatch(says);
    expect(cureText(fault)).toMatch(cure);
  });
});
