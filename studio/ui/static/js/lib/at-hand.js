// Sounds that the visitor has made or brought. The Dream tab says which, other tabs offer them.

/** @typedef {import('./types.js').Take} Take */
/** @typedef {import('./types.js').Recording} Recording */

/** @type {{ takes: () => Take[], recording: () => Recording | null }} */
export const atHand = { takes: () => [], recording: () => null };
