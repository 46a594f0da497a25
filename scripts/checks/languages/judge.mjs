// What is wrong with an answer of a program, one text for each thing that is.

import { isDeepStrictEqual } from 'node:util';

/** What is wrong with the answers, in the order of the tasks. */
export async function judged(tasks, answers) {
  const problems = answers.length === tasks.length ? [] : [`${answers.length} answers to ${tasks.length} tasks`];
  for (const [index, { name, judge }] of tasks.entries()) {
    try {
      for await (const problem of judge(answers[index] ?? { error: 'nothing', text: 'there is no answer' })) {
        problems.push(`${name}: ${problem}`);
      }
    } catch (error) {
      problems.push(`${name}: ${error.stack}`);
    }
  }
  return problems;
}

/** An answer must have these members. */
export function* mustBe(expected, answer) {
  if (answer.error) {
    yield `fails with ${failureOf(answer)}`;
    return;
  }
  for (const name of Object.keys(expected)) {
    if (!isDeepStrictEqual(answer[name], expected[name])) {
      yield `${name} is ${shown(answer[name])} instead of ${shown(expected[name])}`;
    }
  }
}

/** An answer must be a refusal, with this code where there is one. */
export function* mustBeRefused(answer, code = answer.error) {
  if (!answer.error) {
    yield `succeeds instead of ${code ?? 'being refused'}`;
  } else if (answer.error !== code) {
    yield `fails with ${failureOf(answer)} instead of ${code}`;
  }
}

/** A call of our own must give these bytes. */
export async function* mustGive(bytes, what, call) {
  try {
    if (!Buffer.from(await call()).equals(bytes)) {
      yield `${what} gives other bytes`;
    }
  } catch (error) {
    yield `${what} fails: ${error.code}: ${error.message}`;
  }
}

/** A call of our own must fail with this code. */
export async function* mustFail(code, what, call) {
  try {
    await call();
    yield `${what} succeeds instead of ${code}`;
  } catch (error) {
    if (error.code !== code) {
      yield `${what} fails with ${error.code ?? error.stack} instead of ${code}`;
    }
  }
}

const failureOf = ({ error, text }) => `${error}: ${text.slice(0, 500)}`;
const shown = (value) => (JSON.stringify(value) ?? 'missing').slice(0, 200);

/** `0x0478`. */
export const label = (suite) => `0x${suite.toString(16).padStart(4, '0')}`;
