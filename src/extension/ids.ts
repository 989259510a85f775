/** Names that the manifest and the code share; a test holds the two equal. */

/** Commands by what they do. */
export const COMMAND_IDS = {
  copyState: "stateSwap.copyState",
  swapStateHere: "stateSwap.swapStateHere",
  chooseSource: "stateSwap.chooseSource",
  setLayerRange: "stateSwap.setLayerRange",
  runCondition: "stateSwap.runCondition",
  runGrid: "stateSwap.runGrid",
  runControls: "stateSwap.runControls",
  continueHere: "stateSwap.continueHere",
  setAnswers: "stateSwap.setAnswers",
  keepOneBos: "stateSwap.keepOneBos",
  showAttention: "stateSwap.showAttention",
  runAgain: "stateSwap.runAgain",
  cancel: "stateSwap.cancel",
  stepLayerUp: "stateSwap.stepLayerUp",
  stepLayerDown: "stateSwap.stepLayerDown",
  showTokens: "stateSwap.showTokens",
  useSelectionAsPrompt: "stateSwap.useSelectionAsPrompt",
  setValues: "stateSwap.setValues",
  clearResults: "stateSwap.clearResults",
  clearAllResults: "stateSwap.clearAllResults",
  openPanel: "stateSwap.openPanel",
  openPanelInEditor: "stateSwap.openPanelInEditor",
  movePanel: "stateSwap.movePanel",
  runDemo: "stateSwap.runDemo",
  openSamples: "stateSwap.openSamples",
  openWalkthrough: "stateSwap.openWalkthrough",
  selectModel: "stateSwap.selectModel",
  setHubToken: "stateSwap.setHubToken",
  showLog: "stateSwap.showLog",
  showDiagnostics: "stateSwap.showDiagnostics",
  restartEngine: "stateSwap.restartEngine",
  saveSession: "stateSwap.saveSession",
  saveSessionAs: "stateSwap.saveSessionAs",
  runSessionAgain: "stateSwap.runSessionAgain",
  compareSession: "stateSwap.compareSession",
  compareSelectedSessions: "stateSwap.compareSelectedSessions",
  openSessionInPrompt: "stateSwap.openSessionInPrompt",
  openSessionAsText: "stateSwap.openSessionAsText",
  revealSession: "stateSwap.revealSession",
  deleteSession: "stateSwap.deleteSession",
  sortSessions: "stateSwap.sortSessions",
  filterSessions: "stateSwap.filterSessions",
  exportResult: "stateSwap.export",
  exportSession: "stateSwap.exportSession",
  openExport: "stateSwap.openExport",
} as const;

/** What `when` clauses ask for. */
export const CONTEXT_KEYS = {
  hasResults: "stateSwap.hasResults",
  isRunning: "stateSwap.isRunning",
  hasSource: "stateSwap.hasSource",
  hasTokens: "stateSwap.hasTokens",
} as const;

/** Settings below `stateSwap`. */
export const SETTING_KEYS = {
  model: "model",
  threads: "threads",
  runtime: "runtime",
  nodePath: "nodePath",
  modelFolders: "modelFolders",
  tokenizers: "tokenizers",
  memoryLimit: "memoryLimit",
  openingBudget: "openingBudget",
  hub: "hub",
  promptScope: "promptScope",
  useChatTemplate: "useChatTemplate",
  bos: "bos",
  inlineStyle: "inline.style",
  inlinePlace: "inline.place",
  inlineMaxLength: "inline.maxLength",
  sessionsFolder: "sessions.folder",
  keybindingHints: "keybindingHints",
} as const;

/** The section that all settings stand in. */
export const SETTING_SECTION = "stateSwap";

/** The panel's view, and the same as an editor tab. */
export const PANEL_VIEW_ID = "stateSwap.panel";

/** What a session file's name ends with. */
export const SESSION_ENDING = ".swap.json";
export const PANEL_EDITOR_ID = "stateSwap.panelEditor";

/** The place in the secondary side bar that the panel's view can be moved to. */
export const SECONDARY_CONTAINER_ID = "stateSwapSecondary";

/** The walkthrough, below the extension's id. */
export const WALKTHROUGH_ID = "firstRun";

/** The list of the workspace's sessions. */
export const SESSIONS_VIEW_ID = "stateSwap.sessions";

/** The editor of session files, and the tab that compares two. */
export const SESSION_EDITOR_ID = "stateSwap.session";
export const COMPARISON_EDITOR_ID = "stateSwap.comparison";

/** Theme colours that the manifest contributes. */
export const COLOR_IDS = {
  source: "stateSwap.source",
  target: "stateSwap.target",
  neither: "stateSwap.neither",
  stale: "stateSwap.stale",
  replaced: "stateSwap.replacedBackground",
  putIn: "stateSwap.sourceBackground",
} as const;
