/** One self-contained HTML file that shows a session as the panel does: script, style, colours and session inside. */
import { languageElement, pageLanguage } from "../text/language.ts";
import type { Session } from "../session/session.ts";
import { CARRIED_ID, carriedText } from "./carry.ts";
import { printLook } from "../figure/look.ts";
import { pictureOf, pictureSubjects } from "./pictures.ts";
import { escapeXml, svgDocument } from "../figure/svg.ts";
import { THEME_CSS } from "../figure/theme-css.ts";
import { titleOf } from "./words.ts";

/** The bundle that draws the page. */
export interface PageBundle {
  /** `dist/export.js` */
  readonly script: string;
  /** `dist/export.css` */
  readonly style: string;
}

/** The controls add one empty style element; this is its hash. */
const EMPTY_STYLE = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

/**
 * The file.
 *
 * @param sha256 SHA-256 of a text's UTF-8 bytes, in base64
 */
export async function htmlPage(
  session: Session,
  bundle: PageBundle,
  sha256: (text: string) => Promise<string>,
): Promise<string> {
  const script = safeScript(bundle.script);
  const style = safeStyle(`${THEME_CSS}${bundle.style}`);
  // Nothing but these two texts may run or style; nothing at all may be loaded or sent.
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${await sha256(script)}'`,
    `style-src 'sha256-${await sha256(style)}' ${EMPTY_STYLE}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  const pictures = pictureSubjects(session).map((subject) =>
    svgDocument(pictureOf(session, subject, "outcome", printLook)),
  );
  const title = escapeXml(titleOf(session));
  return `<!DOCTYPE html>
<html lang="${pageLanguage()}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="State Swap ${escapeXml(session.product)}">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<div id="root"></div>
<div class="export-print">
${pictures.join("")}</div>
<script type="application/json" id="${CARRIED_ID}">${carriedText(session)}</script>
${languageElement()}
<script>${script}</script>
</body>
</html>
`;
}

/** A script whose strings cannot end its element. */
function safeScript(script: string): string {
  return script.replace(/<\/(script)/gi, "<\\/$1");
}

function safeStyle(style: string): string {
  return style.replace(/<\/(style)/gi, "<\\/$1");
}
