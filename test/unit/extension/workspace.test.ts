/** What is said of the open workspace: which machine its models are on, and what it cannot do. */
import * as os from "node:os";
import { describe, expect, it } from "vitest";
import { machineName, workspaceLimit } from "../../../src/extension/workspace.ts";
import type { VsCode } from "../../../src/extension/vs.ts";
import { pickerText, remoteMachine } from "../../../src/shared/words/workspace.ts";

const env = (remoteName: string | undefined): Pick<VsCode, "env"> => ({
  env: { remoteName } as VsCode["env"],
});
const workspace = (isTrusted: boolean, ...schemes: readonly string[]): Pick<VsCode, "workspace"> => ({
  workspace: {
    isTrusted,
    workspaceFolders: schemes.map((scheme) => ({ uri: { scheme } })),
  } as unknown as VsCode["workspace"],
});

describe("the machine whose disk is listed", () => {
  it("is not named where the user sits at it", () => {
    expect(machineName(env(undefined))).toBe(null);
    expect(pickerText(null, null)).toBe("A model for this workspace's prompts");
  });

  it.each([
    ["ssh-remote", "SSH: devbox"],
    ["wsl", "WSL: devbox"],
    ["dev-container", "Container: devbox"],
    ["attached-container", "Container: devbox"],
    ["codespaces", "Codespace: devbox"],
    ["tunnel", "Tunnel: devbox"],
    ["127.0.0.1:8080", "devbox"],
    ["constructor", "devbox"],
  ])("is named as the editor names it: %s", (remoteName, name) => {
    expect(remoteMachine(remoteName, "devbox")).toBe(name);
    expect(pickerText(name, null)).toBe(`A model for this workspace's prompts, from the disk of ${name}`);
  });

  it("has its own name, and in WSL that of the distribution", () => {
    expect(machineName(env("ssh-remote"))).toBe(`SSH: ${os.hostname()}`);
    const before = process.env.WSL_DISTRO_NAME;
    process.env.WSL_DISTRO_NAME = "Ubuntu";
    expect(machineName(env("wsl"))).toBe("WSL: Ubuntu");
    if (before === undefined) delete process.env.WSL_DISTRO_NAME;
    else process.env.WSL_DISTRO_NAME = before;
  });
});

describe("what a workspace cannot do", () => {
  it("is nothing with a folder on disk, or with none", () => {
    expect(workspaceLimit(workspace(true))).toBe(null);
    expect(workspaceLimit(workspace(true, "file"))).toBe(null);
    expect(workspaceLimit(workspace(true, "vscode-vfs", "file"))).toBe(null);
    expect(workspaceLimit(workspace(true, "vscode-remote"))).toBe(null);
  });

  it("is said where all folders are virtual, and where nobody trusts it", () => {
    expect(workspaceLimit(workspace(true, "vscode-vfs"))).toBe("virtual");
    expect(workspaceLimit(workspace(false, "vscode-vfs"))).toBe("untrusted");
    expect(pickerText(null, "virtual")).toMatch(/virtual: only the embedded model/);
    expect(pickerText("SSH: devbox", "untrusted")).toMatch(/not trusted: only the embedded model/);
  });
});
