/** Text with control characters written out: what others named must not move the cursor or colour a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, writtenOut);
}

function writtenOut(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** No path is longer where people work; a longer word is one that somebody made to bury the rest. */
const longestWord = 1000;
const keptOfWord = 200;

/** Text with endless words cut. */
export function withoutEndlessWords(text: string): string {
  return text.replaceAll(/\S+/g, (word) =>
    word.length > longestWord ? `${word.slice(0, keptOfWord)}… (${word.length} characters)` : word,
  );
}
