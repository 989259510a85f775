/** The editor's API as a value that is passed in, so that everything but `main.ts` runs without an editor in tests. */
import type * as vscode from "vscode";

/** The `vscode` module. */
export type VsCode = typeof vscode;
