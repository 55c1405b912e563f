// Files dropped anywhere on the page.

/** @param {DragEvent} event */
const carriesFiles = event => [...(event.dataTransfer?.types || [])].includes('Files');

/**
 * @param {HTMLElement} veil  shown while a file is over the page
 * @param {(file: File) => void} onFile
 * @param {AbortSignal} signal
 */
export function mountDrop(veil, onFile, signal) {
  let depth = 0;
  window.addEventListener('dragenter', event => {
    if (!carriesFiles(event)) return;
    depth += 1;
    veil.hidden = false;
  }, { signal });
  window.addEventListener('dragleave', () => {
    depth = Math.max(0, depth - 1);
    if (!depth) veil.hidden = true;
  }, { signal });
  window.addEventListener('dragover', event => carriesFiles(event) && event.preventDefault(), { signal });
  window.addEventListener('drop', event => {
    depth = 0;
    veil.hidden = true;
    if (!carriesFiles(event) || event.defaultPrevented) return; // another tab took it
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) onFile(file);
  }, { signal });
}
