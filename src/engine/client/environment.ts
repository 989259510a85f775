/** What the engine has of the environment: what its libraries and caches need, and nothing that is secret. */

type Environment = Readonly<Record<string, string | undefined>>;

/** Names in capitals; Windows has them in any case. */
const NEEDED = new Set([
  // Where files, libraries and devices are.
  ...["HOME", "USERPROFILE", "LOCALAPPDATA", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR", "TMPDIR", "TEMP", "TMP"],
  ...["PATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"],
  ...["SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "PROGRAMDATA", "PROGRAMFILES", "PROCESSOR_ARCHITECTURE"],
  ...["DISPLAY", "WAYLAND_DISPLAY", "CUDA_VISIBLE_DEVICES"],
  // How texts and times are written.
  ...["LANG", "LANGUAGE", "TZ"],
]);
/** Of the locale, of the loaders of graphics drivers, and of this program. */
const NEEDED_BEGINNINGS = ["LC_", "VK_", "MESA_", "STATE_SWAP_"];

/**
 * The part of an environment that the engine gets: it opens files that anybody wrote, so tokens, passwords and
 * `NODE_OPTIONS` (with which a debugger gets into every process) stay outside.
 */
export function engineEnvironment(env: Environment): Record<string, string | undefined> {
  const needed = Object.entries(env).filter(([name]) => {
    const upper = name.toUpperCase();
    return NEEDED.has(upper) || NEEDED_BEGINNINGS.some((beginning) => upper.startsWith(beginning));
  });
  return { ...Object.fromEntries(needed), ELECTRON_RUN_AS_NODE: "1" };
}
