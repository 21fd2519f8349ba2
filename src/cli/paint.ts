/** What a line stands out with. */
export type Colour = 'bold' | 'red' | 'green' | 'yellow' | 'cyan' | 'plain'

const sequences: Readonly<Record<Colour, string>> = {
  bold: '1',
  red: '31',
  green: '32',
  yellow: '33',
  cyan: '36',
  plain: '0',
}

/** The text in a colour, where there may be colours. */
export const paint = (text: string, colour: Colour, colours: 'some' | 'none'): string =>
  colours === 'none' || colour === 'plain' ? text : `\u001b[${sequences[colour]}m${text}\u001b[0m`
