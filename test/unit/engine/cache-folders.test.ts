/** Folders for caches on each system, as its programs find them. */
import { expect, test } from "vitest";
import type { CacheSystem } from "../../../src/engine/cache-folders.ts";
import { ownCache } from "../../../src/engine/cache-folders.ts";

const at = (platform: CacheSystem["platform"], env: CacheSystem["env"] = {}): string | null =>
  ownCache({ platform, env, home: "/home/u" });

test("hashes are kept where the system has caches of the user's programs", () => {
  expect(at("linux")).toBe("/home/u/.cache/state-swap");
  expect(at("linux", { XDG_CACHE_HOME: "/c" })).toBe("/c/state-swap");
  expect(at("darwin", { XDG_CACHE_HOME: "/c" })).toBe("/home/u/Library/Caches/state-swap");
  expect(at("win32", { LOCALAPPDATA: "/local" })).toBe("/local/state-swap");
});

test("nowhere, where the system names no folder or one that depends on where a command is called", () => {
  expect(at("win32")).toBeNull();
  expect(at("linux", { XDG_CACHE_HOME: "caches" })).toBeNull();
  expect(at("linux", { XDG_CACHE_HOME: "" })).toBeNull();
});
