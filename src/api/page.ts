import type { Page } from '../engine/engine.ts'

/** The marker of a request; the first page may be asked for with an empty one. */
export const decodeMarker = (marker: string | undefined): string | undefined => marker || undefined

/**
 * The members by which an answer tells whether there is more. On the last page there is no marker.
 *
 * @source observed: 1.4
 */
export function encodePage({ marker }: Page<unknown>): { hasMoreResults: boolean; marker?: string } {
  return marker === undefined ? { hasMoreResults: false } : { hasMoreResults: true, marker }
}
