/** The page of the side panel, and of the editors of sessions, which are drawn by the same bundle. */
import type { Webview } from "vscode";
import { languageElement, pageLanguage } from "../../shared/text/language.ts";
import type { ViewerHost } from "../host.ts";

/** Pages that the bundle draws. */
export type PageView = "panel" | "session" | "comparison";

/** Shows a page that loads nothing but its script (by nonce) and its own styles, fonts and images. */
export function showPage({ vs, context }: ViewerHost, webview: Webview, view: PageView): void {
  const dist = vs.Uri.joinPath(context.extensionUri, "dist");
  webview.options = { enableScripts: true, localResourceRoots: [dist] };
  const address = (name: string): string => webview.asWebviewUri(vs.Uri.joinPath(dist, name)).toString();
  const { cspSource } = webview;
  const nonce = crypto.randomUUID();
  const policy = [
    "default-src 'none'",
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
    `script-src 'nonce-${nonce}'`,
    // Markup that got in could not move the script's address, nor send a form.
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  webview.html = `<!DOCTYPE html>
<html lang="${pageLanguage()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>State Swap</title>
<link rel="stylesheet" href="${address("webview.css")}">
</head>
<body>
<div id="root" data-view="${view}"></div>
${languageElement()}
<script nonce="${nonce}" src="${address("webview.js")}"></script>
</body>
</html>`;
}
