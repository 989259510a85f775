/** The page of the side panel, and of the editors of sessions, which are drawn by the same bundle. */
import { languageElement, pageLanguage } from "../../shared/text/language.ts";

/** Addresses as the webview may load them. */
export interface PanelAssets {
  readonly script: string;
  readonly style: string;
  /** VS Code's source for a webview's own resources. */
  readonly cspSource: string;
  readonly nonce: string;
  /** What the page shows; the panel when left out. */
  readonly view?: PageView;
}

/** Pages that the bundle draws. */
export type PageView = "panel" | "session" | "comparison";

/** A page that loads nothing but its script (by nonce) and its own styles, fonts and images. */
export function panelHtml({ script, style, cspSource, nonce, view = "panel" }: PanelAssets): string {
  const policy = [
    "default-src 'none'",
    `style-src ${cspSource}`,
    `font-src ${cspSource}`,
    `img-src ${cspSource} data:`,
    `script-src 'nonce-${nonce}'`,
  ].join("; ");
  return `<!DOCTYPE html>
<html lang="${pageLanguage()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>State Swap</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<div id="root" data-view="${view}"></div>
${languageElement()}
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
