/** How much may be asked for. */

/** Most tokens of an answer that is found by running, and of a continuation. */
export const MOST_ANSWER_TOKENS = 16;

export const MOST_CONTINUATION_TOKENS = 100;

/** Tokens of a continuation until the user says otherwise. */
export const USUAL_CONTINUATION_TOKENS = 20;

/** Most threads within one operator: each of a model's sessions starts so many. The setting has the same bound. */
export const MOST_THREADS = 256;
