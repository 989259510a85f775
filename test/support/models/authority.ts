/** An authority of one's own, as organisations have them, and a certificate that it signed for this machine. */
import { generate } from "selfsigned";

/** All in PEM. */
export interface Authority {
  readonly name: string;
  readonly certificate: string;
  /** Of a server on 127.0.0.1, `localhost` and `hub.example`. */
  readonly server: { readonly key: string; readonly cert: string };
}

/** Makes them. */
export async function makeAuthority(name: string): Promise<Authority> {
  const root = await generate([{ name: "commonName", value: name }], {
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true },
    ],
  });
  const leaf = await generate([{ name: "commonName", value: "hub.example" }], {
    ca: { key: root.private, cert: root.cert },
    extensions: [
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 2, value: "hub.example" },
          { type: 7, ip: "127.0.0.1" },
        ],
      },
    ],
  });
  return { name, certificate: root.cert, server: { key: leaf.private, cert: leaf.cert } };
}
