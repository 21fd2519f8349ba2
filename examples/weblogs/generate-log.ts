import { MONTHS } from './split-log.ts'

/** One day of a log. */
export type DayOfLog = { readonly day: string; readonly lines: readonly string[] }

/** Pages and how often they are asked for, in relation to one another. */
const PAGES: readonly (readonly [path: string, weight: number, sizeBytes: number])[] = [
  ['/', 40, 12_400],
  ['/products', 22, 18_900],
  ['/products/waterwheel', 14, 24_100],
  ['/products/millstone', 11, 23_800],
  ['/products/sluice-gate', 7, 22_600],
  ['/about', 6, 8_300],
  ['/blog', 9, 15_200],
  ['/blog/the-history-of-the-millrace', 8, 31_700],
  ['/contact', 4, 6_100],
  ['/search?q=grain', 3, 14_000],
  ['/favicon.ico', 12, 1_150],
  ['/css/site.css', 30, 9_800],
  ['/js/site.js', 28, 44_300],
  ['/robots.txt', 5, 240],
  ['/wp-login.php', 2, 310],
]

const REFERRERS = ['-', '-', '-', 'https://www.google.com/', 'https://news.ycombinator.com/', 'http://mill.example/']

const AGENTS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0',
  'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)',
]

/** The share of a day's visitors that come in each hour, in relation to one another: nights are quiet. */
const HOURS = [2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 10, 12, 12, 11, 10, 9, 9, 10, 9, 7, 5, 3]

const VISITORS_ON_A_WEEKDAY = 420

const VISITORS_AT_THE_WEEKEND = 250

const REQUESTS_OF_A_VISITOR_MAX = 12

const DAY_SECONDS = 24 * 3600

/**
 * The log of a web server for some days in a row, in Apache's combined format: made up, but the same for the same seed.
 *
 * @param firstDay - such as `2025-11-02`.
 */
export function generateLog(firstDay: string, days: number, seed: number): readonly DayOfLog[] {
  const random = randomNumbers(seed)
  return Array.from({ length: days }, (_, index) => {
    const date = Temporal.PlainDate.from(firstDay).add({ days: index })
    return { day: date.toString(), lines: dayLines(date, random) }
  })
}

function dayLines(date: Temporal.PlainDate, random: () => number): readonly string[] {
  const visitors = date.dayOfWeek > 5 ? VISITORS_AT_THE_WEEKEND : VISITORS_ON_A_WEEKDAY
  const requests: { second: number; line: (time: string) => string }[] = []
  for (let visitor = 0; visitor < visitors; visitor += 1) {
    // 198.18.0.0/15 is set aside for tests: no real visitor has such an address.
    const address = `198.18.${Math.floor(random() * 8)}.${1 + Math.floor(random() * 254)}`
    const agent = pick(AGENTS, random)
    let second =
      pickWeighted(
        HOURS.map((weight, hour) => [hour, weight]),
        random,
      ) *
        3600 +
      random() * 3600
    for (let request = 0; request <= random() * REQUESTS_OF_A_VISITOR_MAX; request += 1) {
      const rest = requestText(random)
      requests.push({
        second,
        line: (time) => `${address} - - [${time}] ${rest} "${pick(REFERRERS, random)}" "${agent}"`,
      })
      second = Math.min(DAY_SECONDS - 1, second + random() * 90)
    }
  }
  return requests
    .sort((left, right) => left.second - right.second)
    .map(({ second, line }) => line(apacheTime(date, Math.floor(second))))
}

/** The request line, the status and the size of the answer. */
function requestText(random: () => number): string {
  const [path, , sizeBytes] = pickWeighted(
    PAGES.map((page) => [page, page[1]]),
    random,
  )
  const chance = random()
  if (path === '/wp-login.php') return `"POST ${path} HTTP/1.1" 404 ${sizeBytes}`
  if (chance < 0.08) return `"GET ${path} HTTP/1.1" 304 -`
  if (chance < 0.1) return `"GET ${path}/ HTTP/1.1" 301 ${180}`
  if (chance < 0.102) return `"GET ${path} HTTP/1.1" 500 ${530}`
  return `"GET ${path} HTTP/1.1" 200 ${Math.round(sizeBytes * (0.9 + random() * 0.2))}`
}

function apacheTime(date: Temporal.PlainDate, second: number): string {
  const two = (value: number) => String(value).padStart(2, '0')
  const time = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60].map(two).join(':')
  return `${two(date.day)}/${MONTHS[date.month - 1]}/${date.year}:${time} +0000`
}

function pick<Item>(items: readonly Item[], random: () => number): Item {
  return pickWeighted(
    items.map((item) => [item, 1]),
    random,
  )
}

function pickWeighted<Item>(items: readonly (readonly [Item, number])[], random: () => number): Item {
  const [first] = items
  if (first === undefined) throw new RangeError('There is nothing to pick from.')
  let rest = random() * items.reduce((sum, [, weight]) => sum + weight, 0)
  for (const [item, weight] of items) {
    rest -= weight
    if (rest < 0) return item
  }
  return first[0]
}

/** Numbers from 0 up to but not including 1, always the same for one seed (the generator is known as mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
