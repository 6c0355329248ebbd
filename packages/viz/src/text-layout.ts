// Widths in em of common sans-serif faces, on the wide side: text drawn by a narrower font only leaves some room.
function characterWidth(character: string): number {
  if (/[ijl.,:;|!'()[\] ]/.test(character)) return 0.34;
  if (/[ftr/\-"*⁻¹]/.test(character)) return 0.42;
  if (/[mwMW@%—→∞]/.test(character)) return 0.95;
  if (/[A-Z]/.test(character)) return 0.7;
  return (character.codePointAt(0) ?? 0) >= 0x2e80 ? 1.05 : 0.61;
}

/** Estimated width of a line of text, in the unit of `fontSize`: there is no font to measure with. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width * fontSize;
}

/** The text, or as much of it as fits with an ellipsis. */
export function truncate(text: string, maxWidth: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= maxWidth) return text;
  const characters = [...text];
  while (characters.length > 0 && textWidth(`${characters.join('')}…`, fontSize) > maxWidth) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}

/** Breaks text at spaces into at most `maxLines` lines; what is left over ends in an ellipsis. */
export function wrap(text: string, maxWidth: number, fontSize: number, maxLines: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || lines.length === maxLines - 1 || textWidth(longer, fontSize) <= maxWidth) {
      line = longer;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].filter(Boolean).map((each) => truncate(each, maxWidth, fontSize));
}
