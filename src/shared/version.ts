/** The product's version, as stored in results and sessions; a test holds it equal to package.json. */
export const VERSION = "0.1.0";
