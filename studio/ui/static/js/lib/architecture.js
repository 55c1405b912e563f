// A network of one's own says its layers in its name, kernel and stride each: net-85x49-43x25.

/**
 * Kernel, stride and padding of its layers; kernels are padded by half of them.
 *
 * @param {string} name
 * @returns {import('./types.js').Convolution[]}
 */
export function layersIn(name) {
  return name.split('-').slice(1).map(layer => {
    const [kernel, stride] = layer.split('x').map(Number);
    return [kernel, stride, Math.floor(kernel / 2)];
  });
}
