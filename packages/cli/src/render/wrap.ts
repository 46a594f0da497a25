/** Breaks a text between words so that no line gets wider than `columns`. Every line begins with `indent`. */
export function wrap(text: string, columns: number, indent = ''): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > columns) {
      lines.push(indent + line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, indent + line].join('\n');
}

/**
 * Breaks a name that is wider than `width`: after slashes and spaces, where construct paths and ARNs have their joints,
 * and anywhere in a part that is too wide by itself.
 */
export function breakName(name: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const part of name.split(/(?<=[/ ])/).flatMap((joint) => pieces(joint, width))) {
    if (line.length + part.trimEnd().length > width) {
      lines.push(line.trimEnd());
      line = part;
    } else {
      line += part;
    }
  }
  return [...lines, line].join('\n');
}

function pieces(text: string, width: number): string[] {
  const whole = text.trimEnd().length;
  // Spaces at the end go with the last piece, since none of them is shown.
  const count = Math.max(1, Math.ceil(whole / width));
  return Array.from({ length: count }, (_none, at) =>
    text.slice(at * width, at === count - 1 ? undefined : (at + 1) * width),
  );
}
