import type { Page } from 'playwright-core';

interface Text {
  text: string;
  color: string;
  /** Background of the element, its parent, and so on up. */
  grounds: string[];
  /** CSS pixels. */
  size: number;
}

/** Runs in the page: every visible text with its colours. A string, as the tests are compiled without the DOM's types. */
const collectTexts = `[...document.querySelectorAll('body *')].flatMap((element) => {
  const text = [...element.childNodes].map((node) => (node.nodeType === 3 ? node.textContent : '')).join('').trim();
  if (!text || element.getClientRects().length === 0) return [];
  const style = getComputedStyle(element);
  const grounds = [];
  for (let at = element; at; at = at.parentElement) grounds.push(getComputedStyle(at).backgroundColor);
  const color = element instanceof SVGElement ? style.fill : style.color;
  return [{ text, color, grounds, size: parseFloat(style.fontSize) }];
})`;

/** Visible texts whose contrast with their ground is below what WCAG AA asks (4.5:1, large text 3:1). */
export async function lowContrastTexts(page: Page): Promise<string[]> {
  const texts = await page.evaluate<Text[]>(collectTexts);
  if (texts.length === 0) throw new Error('lowContrastTexts: the page shows no text');
  return texts.flatMap(({ text, color, grounds, size }) => {
    const ground = grounds.map(channels).find(([, , , alpha]) => alpha !== 0) ?? [255, 255, 255];
    const ratio = contrast(channels(color), ground);
    return ratio < (size >= 24 ? 3 : 4.5) ? [`${text}: ${ratio.toFixed(2)}`] : [];
  });
}

/** `rgb(1, 2, 3)` or `rgba(1, 2, 3, 0.5)` as numbers. */
function channels(color: string): number[] {
  return (color.match(/[\d.]+/g) ?? []).map(Number);
}

function contrast(one: number[], other: number[]): number {
  const [low, high] = [luminance(one), luminance(other)].sort((first, second) => first - second);
  return (high! + 0.05) / (low! + 0.05);
}

/** Relative luminance as WCAG 2 defines it. */
function luminance(color: number[]): number {
  const [red, green, blue] = color.map((value) => {
    const part = value / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}
