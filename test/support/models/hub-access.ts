/** How tests reach a hub: straight, without what this machine's environment would add. */
import type { HubAccess } from "../../../src/shared/protocol/hub.ts";

/** No proxy, no token, good certificates wanted. */
export const STRAIGHT: HubAccess = {
  token: null,
  proxy: "",
  proxyLogin: null,
  proxyAuthorization: null,
  noProxy: [],
  strictTls: true,
  systemCertificates: true,
};
