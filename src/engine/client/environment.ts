/** The environment of the engine: that of its parent without what opens accounts. The engine has no use for a network. */

/** Names of tokens, keys and passwords, and of proxies, whose addresses may hold a login. */
const SECRET = /TOKEN|SECRET|PASSW|CREDENTIAL|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|AUTH|PROXY/i;

/** What the engine's process is given. */
export function engineEnvironment(own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(own).filter(([name]) => !SECRET.test(name));
  return { ...Object.fromEntries(kept), ELECTRON_RUN_AS_NODE: "1" };
}
