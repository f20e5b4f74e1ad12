/** In the browser: every text with its contrast to what is behind it, as WCAG reckons it. */
export const CONTRASTS = `
  (() => {
    const light = (color) => {
      const [r, g, b] = color.match(/[\\d.]+/g).map((part) => part / 255)
        .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (one) => {
      const color = getComputedStyle(one).backgroundColor;
      return /, 0\\)$/.test(color) ? behind(one.parentElement) : color;
    };
    return [...document.querySelectorAll('body *')]
      .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== ''))
      .map((one) => {
        const [low, high] = [light(getComputedStyle(one).color), light(behind(one))].sort((a, b) => a - b);
        return { text: one.textContent.trim(), contrast: (high + 0.05) / (low + 0.05) };
      });
  })()`;
