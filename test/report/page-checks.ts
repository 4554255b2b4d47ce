// Checks that run within a page, as text: the tests' own types know no DOM.

/** Texts whose colour differs too little from what is behind them (WCAG 2.2, success criterion 1.4.3: 4.5 to 1). */
export const faintTexts = String.raw`(() => {
  const channels = (color) => (color.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (color) => {
    const [red, green, blue] = channels(color).map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = getComputedStyle(at).backgroundColor;
      if (channels(color)[3] !== 0) return color;
    }
    return 'rgb(255, 255, 255)';
  };
  return [...document.querySelectorAll('main *:not(svg *), footer')].flatMap((element) => {
    const text = [...element.childNodes].map((node) => (node.nodeType === 3 ? node.textContent.trim() : '')).join('');
    if (text === '' || element.offsetParent === null) return [];
    const [light, dark] = [luminance(getComputedStyle(element).color), luminance(behind(element))].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05) < 4.5 ? [text] : [];
  });
})()`;

/** So many colours are in each canvas: one that stayed blank has one. */
export const canvasColors = String.raw`[...document.querySelectorAll('canvas')].map((canvas) => {
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  return new Set(new Uint32Array(data.buffer)).size;
})`;

/** How far the page, and each chart, reaches to the right. */
export const rightEdges = String.raw`[
  document.documentElement.scrollWidth,
  ...[...document.querySelectorAll('canvas')].map((canvas) => canvas.getBoundingClientRect().right),
]`;
