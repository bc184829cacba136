import { hiddenEscaped } from '../../case/one-line.ts';

/** Signs of East Asian scripts and pictures are as wide as two letters. */
const isWide = (sign: string): boolean =>
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]|\p{Extended_Pictographic}/u.test(
    sign,
  );

/** The beginning of a text that is at most so many letters wide; drawings do not wrap their text. */
export const fitted = (text: string, letters: number): string => {
  const whole = hiddenEscaped(text.toWellFormed());
  let width = 0;
  let kept = '';
  for (const sign of whole) {
    width += isWide(sign) ? 2 : 1;
    if (width > letters) return `${kept.slice(0, -1)}…`;
    kept += sign;
  }
  return whole;
};
