/** Texts of the second in which the server is: many calls have the same. */
function bySecond(textOf: (instant: Date) => string): (instant: Date) => string {
  let latest = Number.NaN;
  let text = '';
  return (instant) => {
    const second = Math.floor(instant.getTime() / 1000);
    if (second !== latest) {
      text = textOf(instant);
      latest = second;
    }
    return text;
  };
}

/** As the header `date` has it: `Fri, 02 Jan 2026 03:04:05 GMT`. */
export const httpDate = bySecond((instant) => instant.toUTCString());

/** ISO 8601 in whole seconds: `2026-01-02T03:04:05Z`. */
export const isoSecond = bySecond((instant) => `${instant.toISOString().slice(0, 19)}Z`);
