/** What goes wrong with a hub, in sentences for people. */
import { SwapError } from "../../shared/errors.ts";

/** The hub cannot be reached, or stopped answering. */
export function unreachable(address: string, reason: string, cause?: unknown): SwapError {
  return new SwapError(
    "hub-unreachable",
    `${hostOf(address)} cannot be reached (${reason}).`,
    "Check the network and try again. Models on this machine work without it.",
    { cause },
  );
}

/** The hub answered with a status that is no success. */
export function refused(address: string, what: string, status: number): SwapError {
  const host = hostOf(address);
  if (status === 401 || status === 403) {
    return new SwapError(
      "hub-refused",
      `${host} gives no access to ${what} (${status}): it does not exist, is private, or asks you to accept its terms.`,
      "Check the name. For a model with terms accept them on its page, and start the editor with HF_TOKEN set to your access token.",
    );
  }
  if (status === 404) {
    return new SwapError("hub-refused", `${host} has no ${what} (404).`, "Check the name of the model.");
  }
  const hint = status === 429 ? "Too many requests: wait a while." : "Try again later.";
  return new SwapError("hub-refused", `${host} answered ${status} for ${what}.`, hint);
}

function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host : address;
}
