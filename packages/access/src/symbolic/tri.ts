/** An answer about strings that deployment may still change. */
export type Tri = 'yes' | 'no' | 'unknown';

/** Yes when one is yes; no only when all are no. */
export function anyTri(answers: Iterable<Tri>): Tri {
  let result: Tri = 'no';
  for (const answer of answers) {
    if (answer === 'yes') return 'yes';
    if (answer === 'unknown') result = 'unknown';
  }
  return result;
}

/** No when one is no; yes only when all are yes. */
export function allTri(answers: Iterable<Tri>): Tri {
  let result: Tri = 'yes';
  for (const answer of answers) {
    if (answer === 'no') return 'no';
    if (answer === 'unknown') result = 'unknown';
  }
  return result;
}

export function notTri(answer: Tri): Tri {
  if (answer === 'unknown') return 'unknown';
  return answer === 'yes' ? 'no' : 'yes';
}
