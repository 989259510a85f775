/** The user's access token for the hub, from the environment, as `@huggingface/transformers` reads it. */

/** Headers with the token; without one for any other host. */
export function tokenHeaders(address: string): Record<string, string> {
  const { hostname, protocol } = new URL(address);
  const isHub = protocol === "https:" && (hostname === "huggingface.co" || hostname === "hf.co");
  const token = process.env.HF_TOKEN ?? process.env.HF_ACCESS_TOKEN ?? "";
  return isHub && token !== "" ? { authorization: `Bearer ${token}` } : {};
}
