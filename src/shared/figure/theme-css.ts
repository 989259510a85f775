/** Colours of an exported page: VS Code's variables with the values of its default themes, light and dark. */
import { hueVariables } from "./hues.ts";

type Colors = Readonly<Record<string, string>>;

const LIGHT: Colors = {
  foreground: "#3b3b3b",
  descriptionForeground: "#565656",
  errorForeground: "#c72e0f",
  focusBorder: "#005fb8",
  "sideBar-background": "#ffffff",
  "sideBarSectionHeader-foreground": "#3b3b3b",
  "sideBarSectionHeader-border": "#e5e5e5",
  "widget-border": "#e5e5e5",
  "editor-background": "#ffffff",
  "editor-foreground": "#3b3b3b",
  "editor-selectionBackground": "#add6ff",
  "button-background": "#005fb8",
  "button-foreground": "#ffffff",
  "button-hoverBackground": "#0258a8",
  "button-border": "#0000001a",
  "button-secondaryBackground": "#e5e5e5",
  "button-secondaryForeground": "#3b3b3b",
  "button-secondaryHoverBackground": "#cccccc",
  "input-background": "#ffffff",
  "input-foreground": "#3b3b3b",
  "input-border": "#cecece",
  "input-placeholderForeground": "#767676",
  "dropdown-background": "#ffffff",
  "dropdown-foreground": "#3b3b3b",
  "dropdown-border": "#cecece",
  "settings-dropdownListBorder": "#cecece",
  "checkbox-background": "#f8f8f8",
  "checkbox-border": "#cecece",
  "checkbox-foreground": "#3b3b3b",
  "badge-background": "#cccccc",
  "badge-foreground": "#3b3b3b",
  "keybindingLabel-background": "#dddddd66",
  "keybindingLabel-border": "#cccccc66",
  "keybindingLabel-bottomBorder": "#bbbbbb66",
  "keybindingLabel-foreground": "#3b3b3b",
  "textLink-foreground": "#005fb8",
  "textLink-activeForeground": "#005fb8",
  "progressBar-background": "#005fb8",
  "list-hoverBackground": "#f2f2f2",
  "list-inactiveSelectionBackground": "#e4e6f1",
  "list-activeSelectionBackground": "#e8e8e8",
  "list-activeSelectionForeground": "#000000",
  "toolbar-hoverBackground": "#b8b8b850",
  "editorWarning-foreground": "#bf8803",
  "scrollbarSlider-background": "#64646466",
  "scrollbarSlider-hoverBackground": "#646464b3",
  "scrollbarSlider-activeBackground": "#00000099",
  ...hueVariables("light"),
};

const DARK: Colors = {
  foreground: "#cccccc",
  descriptionForeground: "#9d9d9d",
  errorForeground: "#f85149",
  focusBorder: "#0078d4",
  "sideBar-background": "#1f1f1f",
  "sideBarSectionHeader-foreground": "#cccccc",
  "sideBarSectionHeader-border": "#2b2b2b",
  "widget-border": "#313131",
  "editor-background": "#1f1f1f",
  "editor-foreground": "#cccccc",
  "editor-selectionBackground": "#264f78",
  "button-background": "#0078d4",
  "button-foreground": "#ffffff",
  "button-hoverBackground": "#026ec1",
  "button-border": "#ffffff12",
  "button-secondaryBackground": "#313131",
  "button-secondaryForeground": "#cccccc",
  "button-secondaryHoverBackground": "#3c3c3c",
  "input-background": "#313131",
  "input-foreground": "#cccccc",
  "input-border": "#3c3c3c",
  "input-placeholderForeground": "#989898",
  "dropdown-background": "#313131",
  "dropdown-foreground": "#cccccc",
  "dropdown-border": "#3c3c3c",
  "settings-dropdownListBorder": "#3c3c3c",
  "checkbox-background": "#313131",
  "checkbox-border": "#3c3c3c",
  "checkbox-foreground": "#cccccc",
  "badge-background": "#616161",
  "badge-foreground": "#f8f8f8",
  "keybindingLabel-background": "#8080802b",
  "keybindingLabel-border": "#33333399",
  "keybindingLabel-bottomBorder": "#44444499",
  "keybindingLabel-foreground": "#cccccc",
  "textLink-foreground": "#4daafc",
  "textLink-activeForeground": "#4daafc",
  "progressBar-background": "#0078d4",
  "list-hoverBackground": "#2a2d2e",
  "list-inactiveSelectionBackground": "#37373d",
  "list-activeSelectionBackground": "#04395e",
  "list-activeSelectionForeground": "#ffffff",
  "toolbar-hoverBackground": "#5a5d5e50",
  "editorWarning-foreground": "#cca700",
  "scrollbarSlider-background": "#79797966",
  "scrollbarSlider-hoverBackground": "#646464b3",
  "scrollbarSlider-activeBackground": "#bfbfbf66",
  ...hueVariables("dark"),
};

/**
 * The page's own style: theme values as VS Code would give them, dark where the reader's system is dark, and in print
 * the drawn pictures in place of the live page.
 */
export const THEME_CSS = `:root { color-scheme: light; ${variables(LIGHT)}
  --vscode-font-family: system-ui, -apple-system, "Segoe UI", Ubuntu, sans-serif; --vscode-font-size: 13px; --vscode-font-weight: normal;
  --vscode-editor-font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; --vscode-editor-font-size: 13px; }
@media (prefers-color-scheme: dark) { :root { color-scheme: dark; ${variables(DARK)} } }
html { background: var(--vscode-editor-background); }
.export-foot { padding: 12px; color: var(--dim); font-size: 0.85em; border-top: 1px solid var(--line); }
.export-print svg { display: block; max-width: 100%; height: auto; margin: 0 0 16px; }
.scripted .export-print { display: none; }
@media print {
  :root { color-scheme: light; ${variables(LIGHT)} }
  html { background: #fff; }
  #root { display: none; }
  .scripted .export-print { display: block; }
  .export-print svg { break-inside: avoid; }
}
`;

function variables(colors: Colors): string {
  return Object.entries(colors)
    .map(([name, value]) => `--vscode-${name}: ${value};`)
    .join(" ");
}
