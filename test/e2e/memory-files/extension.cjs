// A file system in memory with one prompt in it: what a virtual workspace is to other extensions.
const vscode = require("vscode");

const prompt =
  "The country Italy\n\nQ: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of France? \n A:\n";

/**
 * Contents by path; null for folders.
 *
 * @type {Map<string, Uint8Array | null>}
 */
const entries = new Map([
  ["/", null],
  ["/virtual.txt", new TextEncoder().encode(prompt)],
]);

/** @returns {vscode.FileSystemProvider} */
function provider() {
  /** @type {vscode.EventEmitter<vscode.FileChangeEvent[]>} */
  const changed = new vscode.EventEmitter();
  const found = (/** @type {vscode.Uri} */ uri) => {
    if (!entries.has(uri.path)) throw vscode.FileSystemError.FileNotFound(uri);
    return entries.get(uri.path) ?? null;
  };
  const fire = (/** @type {vscode.FileChangeType} */ type, /** @type {vscode.Uri} */ uri) =>
    changed.fire([{ type, uri }]);
  return {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat: (uri) => {
      const content = found(uri);
      const type = content === null ? vscode.FileType.Directory : vscode.FileType.File;
      return { type, ctime: 0, mtime: 0, size: content?.length ?? 0 };
    },
    readDirectory: (uri) => {
      const folder = uri.path === "/" ? "/" : `${uri.path}/`;
      return [...entries]
        .filter(
          ([path]) => path !== "/" && path.startsWith(folder) && !path.slice(folder.length).includes("/"),
        )
        .map(([path, content]) => [
          path.slice(folder.length),
          content === null ? vscode.FileType.Directory : vscode.FileType.File,
        ]);
    },
    readFile: (uri) => found(uri) ?? new Uint8Array(),
    createDirectory: (uri) => {
      entries.set(uri.path, null);
      fire(vscode.FileChangeType.Created, uri);
    },
    writeFile: (uri, content) => {
      const type = entries.has(uri.path) ? vscode.FileChangeType.Changed : vscode.FileChangeType.Created;
      entries.set(uri.path, content);
      fire(type, uri);
    },
    delete: (uri) => {
      entries.delete(uri.path);
      fire(vscode.FileChangeType.Deleted, uri);
    },
    rename: (from, to) => {
      entries.set(to.path, found(from));
      entries.delete(from.path);
      fire(vscode.FileChangeType.Created, to);
    },
  };
}

exports.activate = (/** @type {vscode.ExtensionContext} */ context) => {
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider("memory-files", provider()));
};
