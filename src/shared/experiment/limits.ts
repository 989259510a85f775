/** How much may be asked for. */

/** Most tokens of an answer that is found by running, and of a continuation. */
export const MOST_ANSWER_TOKENS = 16;

export const MOST_CONTINUATION_TOKENS = 100;
