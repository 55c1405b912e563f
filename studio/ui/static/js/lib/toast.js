// Short sentences that come and go. Errors stay until they are dismissed or eight seconds pass.

export const UNREACHABLE = 'The studio does not answer. Is it still running? On the web it may be starting: try again in a minute.';

// One tray for the whole page, whichever tab is open.
function tray() {
  const there = document.querySelector('#toasts');
  if (there) return there;
  const made = document.createElement('div');
  made.id = 'toasts';
  made.className = 'toasts';
  (document.querySelector('.gradio-container') || document.body).append(made);
  return made;
}

export function toast(text, { kind = 'note', action = null, onAction = null, lasts = 8000 } = {}) {
  const item = document.createElement('div');
  item.className = `toast ${kind}`;
  item.setAttribute('role', kind === 'error' ? 'alert' : 'status');
  const words = document.createElement('p');
  words.textContent = text;
  item.append(words);
  const dismiss = () => item.remove();
  if (action) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'act';
    button.textContent = action;
    button.addEventListener('click', () => {
      dismiss();
      onAction();
    });
    item.append(button);
  }
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'close';
  close.setAttribute('aria-label', 'Dismiss');
  close.textContent = '×';
  close.addEventListener('click', dismiss);
  item.append(close);
  const others = tray();
  while (others.children.length > 2) others.firstChild.remove();
  others.append(item);
  if (lasts) setTimeout(dismiss, lasts);
  return dismiss;
}

// Ask the studio; a sentence of its own becomes the error's message.
export async function ask(url, options) {
  let answer;
  try {
    answer = await fetch(url, options);
  } catch {
    throw new Error(UNREACHABLE);
  }
  if (answer.ok) return answer;
  let message = 'The studio could not do this. Please try once more.';
  try {
    message = (await answer.json()).message || message;
  } catch { /* not a sentence of ours */ }
  throw new Error(message);
}

export const complain = error => toast(error.message || String(error), { kind: 'error' });
