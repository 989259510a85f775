/** Names that the manifest and the code share; a test holds the two equal. */

/** Commands by what they do. */
export const commandIds = {
  copyState: "stateSwap.copyState",
  swapStateHere: "stateSwap.swapStateHere",
  chooseSource: "stateSwap.chooseSource",
  setLayerRange: "stateSwap.setLayerRange",
  runCondition: "stateSwap.runCondition",
  runGrid: "stateSwap.runGrid",
  runControls: "stateSwap.runControls",
  continueHere: "stateSwap.continueHere",
  setAnswers: "stateSwap.setAnswers",
  showAttention: "stateSwap.showAttention",
  runAgain: "stateSwap.runAgain",
  cancel: "stateSwap.cancel",
  stepLayerUp: "stateSwap.stepLayerUp",
  stepLayerDown: "stateSwap.stepLayerDown",
  showTokens: "stateSwap.showTokens",
  useSelectionAsPrompt: "stateSwap.useSelectionAsPrompt",
  clearResults: "stateSwap.clearResults",
  openPanel: "stateSwap.openPanel",
  runDemo: "stateSwap.runDemo",
  selectModel: "stateSwap.selectModel",
  showLog: "stateSwap.showLog",
  restartEngine: "stateSwap.restartEngine",
} as const;

/** What `when` clauses ask for. */
export const contextKeys = {
  hasResults: "stateSwap.hasResults",
  isRunning: "stateSwap.isRunning",
  hasSource: "stateSwap.hasSource",
  hasTokens: "stateSwap.hasTokens",
} as const;

/** Settings below `stateSwap`. */
export const settingKeys = {
  model: "model",
  threads: "threads",
  nodePath: "nodePath",
  promptScope: "promptScope",
  useChatTemplate: "useChatTemplate",
  bos: "bos",
  inlineEnabled: "inline.enabled",
  inlineMaxLength: "inline.maxLength",
} as const;

/** The section that all settings stand in. */
export const settingSection = "stateSwap";

/** The side panel's view. */
export const panelViewId = "stateSwap.panel";

/** Theme colours that the manifest contributes. */
export const colorIds = {
  source: "stateSwap.source",
  target: "stateSwap.target",
  neither: "stateSwap.neither",
  stale: "stateSwap.stale",
} as const;
