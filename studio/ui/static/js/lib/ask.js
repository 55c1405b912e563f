// Asking the studio; what it refuses comes back as an error with a sentence and a code.

export const UNREACHABLE = 'The studio does not answer. Is it still running? On the web it may be starting: try again in a minute.';

/** The studio's own answer that something cannot be done. */
export class Refused extends Error {
  /**
   * @param {string} message  a sentence for people
   * @param {string} code  what went wrong, for the page
   * @param {number} status  of HTTP
   */
  constructor(message, code, status) {
    super(message);
    this.code = code;
    this.status = status;
  }

  // What was asked for is not there any more, and will not be.
  get gone() {
    return this.code === 'gone' || this.code === 'not_found';
  }
}

/**
 * Ask the studio.
 *
 * @param {URL} url
 * @param {RequestInit} [options]
 * @throws {Refused} where the studio says no
 * @throws {Error} where it does not answer
 */
export async function ask(url, options) {
  let answer;
  try {
    answer = await fetch(url, options);
  } catch (cause) {
    throw new Error(UNREACHABLE, { cause });
  }
  if (answer.ok) return answer;
  let said;
  try {
    said = await answer.json();
  } catch { /* not a sentence of ours */ }
  throw new Refused(said?.message || 'The studio could not do this. Please try once more.', String(said?.code ?? ''), answer.status);
}

/**
 * Ask the studio for a table.
 *
 * @param {URL} url
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
export async function askJson(url, options) {
  return (await ask(url, options)).json();
}

/**
 * Send the studio a table, and take one in return.
 *
 * @param {URL} url
 * @param {unknown} sent
 * @returns {Promise<any>}
 */
export function post(url, sent) {
  return askJson(url, { method: 'POST', body: JSON.stringify(sent) });
}
