// What happens is also said, once and briefly, to those who do not see it.

let region = null;

export function announce(text) {
  if (!region) {
    region = document.createElement('p');
    region.id = 'announced';
    region.className = 'unseen-live';
    region.setAttribute('role', 'status');
    (document.querySelector('.gradio-container') || document.body).append(region);
  }
  // The same words twice are two events.
  region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}

// 'smooth', unless the person has asked for less motion.
export const scrolling = () => (window.matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth');
