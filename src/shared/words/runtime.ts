/** Runtimes in words: their names, why one is not to be had, and what to install. */
import * as l10n from "@vscode/l10n";
import type { RuntimeFault, RuntimeName, RuntimeUse } from "../experiment/runtime.ts";
import { NATIVE_MACHINES } from "../experiment/runtime.ts";

/** Names of runtimes for people. */
export const RUNTIME_NAMES: Readonly<Record<RuntimeName, string>> = {
  get native(): string {
    return l10n.t("native");
  },
  get webgpu(): string {
    return l10n.t("WebGPU");
  },
  get wasm(): string {
    return l10n.t("WebAssembly");
  },
};

/** `Runtime: WebAssembly`, and why it is not the one that would have been taken first. */
export function runtimeText(use: RuntimeUse): string {
  const fallback = fallbackText(use);
  const name = l10n.t("Runtime: {0}", RUNTIME_NAMES[use.name]);
  return fallback === null ? name : `${name}. ${fallback}`;
}

/** A tag where another runtime runs than the native one, with its explanation; null for that one. */
export function runtimeTag(use: RuntimeUse): { label: string; description: string } | null {
  return use.name === "native" ? null : { label: RUNTIME_NAMES[use.name], description: runtimeText(use) };
}

/** Why a runtime is not to be had, in a sentence. */
export function faultText({ runtime, code, machine, builtFor, detail }: RuntimeFault): string {
  const name = RUNTIME_NAMES[runtime];
  switch (code) {
    case "no-build":
      return l10n.t("The runtime {0} does not exist for {1}.", name, machine);
    case "missing":
      return l10n.t("The files of the runtime {0} are not there.", name);
    case "wrong-machine":
      return l10n.t(
        "This is the build of State Swap for {0}, and this machine is {1}.",
        builtFor ?? "?",
        machine,
      );
    case "no-vc-runtime":
      return l10n.t("Windows finds no Visual C++ runtime, which the runtime {0} needs.", name);
    case "old-system":
      return l10n.t("This system is too old for the runtime {0}, which needs glibc 2.28 or later.", name);
    case "failed":
      return l10n.t("The runtime {0} does not load: {1}.", name, detail.replace(/\.$/, ""));
    case "no-adapter":
      return l10n.t("The runtime {0} finds no graphics adapter that it can use.", name);
    case "no-shader-compiler":
      return l10n.t(
        "The runtime {0} needs files that this package leaves out: dxcompiler.dll and dxil.dll.",
        name,
      );
    case "differs":
      return l10n.t(
        "On this model the runtime {0} differs from the CPU by more than is allowed: {1}.",
        name,
        detail,
      );
    case "not-this-model":
      return l10n.t("The runtime {0} does not run this model: {1}.", name, detail.replace(/\.$/, ""));
  }
}

/** What helps against it, in a sentence; empty where nothing does. */
export function cureText({ runtime, code, machine }: RuntimeFault): string {
  switch (code) {
    case "missing":
    case "wrong-machine":
      if (runtime === "wasm") return l10n.t("Install State Swap again.");
      return NATIVE_MACHINES.includes(machine)
        ? l10n.t("Install the build of State Swap for {0}.", machine)
        : l10n.t("Install the universal build of State Swap.");
    case "no-vc-runtime":
      return l10n.t(
        "Install “Microsoft Visual C++ Redistributable 2015–2022” from Microsoft, and restart the engine.",
      );
    case "old-system":
      return l10n.t("Use a newer system.");
    case "no-adapter":
      return adapterCure(machine);
    case "no-shader-compiler":
      return l10n.t("On Windows it runs from source only.");
    case "no-build":
    case "failed":
    case "differs":
    case "not-this-model":
      return "";
  }
}

/** What makes an adapter: a driver, and what loads it. */
function adapterCure(machine: string): string {
  if (machine.startsWith("win32"))
    return l10n.t("Install the graphics driver of your card’s maker (Direct3D 12).");
  if (machine.startsWith("darwin"))
    return l10n.t("It needs a Mac with Metal, and a session that may use the graphics card.");
  return l10n.t(
    "Install your card’s Vulkan driver and the Vulkan loader (Debian and Ubuntu: libvulkan1, Fedora: vulkan-loader).",
  );
}

/**
 * Why no runtime runs, and what helps: one cure, the first one's, since what brings one runtime back is enough.
 *
 * @param faults of each runtime that was tried
 */
export function refusalText(faults: readonly RuntimeFault[]): string {
  const all = faults.length > 1 ? l10n.t("No model can be opened, since no runtime is to be had.") : "";
  return sentences(all, ...faults.map(faultText), faults.map(cureText).find((cure) => cure !== "") ?? "");
}

/** That another runtime runs than would have been taken first, why, and what to install; null where the first choice runs. */
export function fallbackText({ name, fault }: Pick<RuntimeUse, "name" | "fault">): string | null {
  if (!fault) return null;
  const instead =
    name === "wasm"
      ? l10n.t("WebAssembly runs instead: the same answers, several times slower.")
      : l10n.t("The runtime {0} runs instead.", RUNTIME_NAMES[name]);
  return sentences(faultText(fault), instead, cureText(fault));
}

function sentences(...texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join(" ");
}
