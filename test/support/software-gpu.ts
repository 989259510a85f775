/** Chromium's software Vulkan driver: WebGPU without a graphics card. To be set up before a test's process loads the runtime. */
import * as fs from "node:fs";

const DRIVER = "/usr/lib/chromium/vk_swiftshader_icd.json";
const LOADERS = [
  "/usr/lib/x86_64-linux-gnu/libvulkan.so.1",
  "/usr/lib64/libvulkan.so.1",
  "/usr/lib/libvulkan.so.1",
];

/** Makes it the only driver that this process finds. @returns what is missing for it; null when nothing is */
export function useSoftwareGpu(): string | null {
  if (process.platform !== "linux" || process.arch !== "x64") return "Linux on x64";
  if (!fs.existsSync(DRIVER)) return `${DRIVER} (Debian's package chromium)`;
  if (!LOADERS.some((file) => fs.existsSync(file))) return "libvulkan.so.1 (Debian's package libvulkan1)";
  process.env.VK_ICD_FILENAMES = DRIVER;
  process.env.XDG_RUNTIME_DIR ??= "/tmp";
  return null;
}
