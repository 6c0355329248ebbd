/** Ten probabilities as bars, in a list that screen readers can read. */
export function showBars(list: HTMLElement, probabilities: Float32Array): void {
  const items = Array.from(probabilities, (share, digit) => {
    const item = document.createElement('li');
    const bar = document.createElement('span');
    bar.style.setProperty('--share', String(share));
    item.append(String(digit), bar, `${Math.round(100 * share)}%`);
    return item;
  });
  list.replaceChildren(...items);
}

export function likeliest(probabilities: Float32Array): { digit: number; percent: number } {
  const most = Math.max(...probabilities);
  return { digit: probabilities.indexOf(most), percent: Math.round(100 * most) };
}
