import { describe, expect, it } from 'vitest'
import { assignRuns } from './due-windows.ts'

const windows = [
  { from: 0, until: 100 },
  { from: 60, until: 160 },
  { from: 120, until: 220 },
]

describe('runs and due windows', () => {
  it.each([
    { title: 'one run in each window', runs: [0, 60, 120], missed: [], extra: [] },
    { title: 'runs at the last moment', runs: [100, 160, 220], missed: [], extra: [] },
    { title: 'runs that are late but in time for windows that overlap', runs: [99, 100, 121], missed: [], extra: [] },
    { title: 'fewer runs than windows', runs: [0, 121], missed: [120], extra: [] },
    { title: 'a run that comes twice', runs: [0, 1, 60, 120], missed: [], extra: [1] },
    { title: 'a run after its window', runs: [0, 60, 221], missed: [120], extra: [221] },
    { title: 'a run before its window', runs: [-1, 60, 120], missed: [120], extra: [-1] },
    { title: 'no run at all', runs: [], missed: [0, 60, 120], extra: [] },
  ])('$title', ({ runs, missed, extra }) => {
    const mismatch = assignRuns(windows, runs)
    expect(mismatch.missed.map(({ from }) => from)).toEqual(missed)
    expect(mismatch.extra).toEqual(extra)
  })
})
