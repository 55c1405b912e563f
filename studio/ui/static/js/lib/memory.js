// What this browser keeps for the page. A private window or a full store keeps nothing, and nothing fails.

// What is kept under a name, or `otherwise` where there is nothing that can be read.
export function recall(name, otherwise = null, store = 'localStorage') {
  try {
    return JSON.parse(window[store].getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

// Keep a value under a name, null for nothing. Tells whether that worked.
export function remember(name, value, store = 'localStorage') {
  try {
    window[store].setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}
