import { expect, it } from 'vitest'
import { InternalServiceError, PipelineNotFoundException, UnknownServiceException } from './errors.ts'
import { toServiceException } from './to-service-exception.ts'

const answer = (status: number, body: string) => ({ status, headers: {}, body })

it('is the class of the exception that the answer names', () => {
  const body = '{"__type":"com.amazon.setl.webservice#PipelineNotFoundException","message":"No such pipeline."}'
  const exception = toServiceException(answer(400, body))
  expect(exception).toBeInstanceOf(PipelineNotFoundException)
  expect(exception.message).toBe('No such pipeline.')
})

it('reads a type without a namespace and a message with a capital', () => {
  const exception = toServiceException(answer(500, '{"__type":"InternalServiceError","Message":"Down."}'))
  expect(exception).toBeInstanceOf(InternalServiceError)
  expect(exception.message).toBe('Down.')
})

it('keeps name and status of an exception that has no class', () => {
  const exception = toServiceException(answer(409, '{"__type":"com.amazon.x#ConflictException"}'))
  expect(exception).toBeInstanceOf(UnknownServiceException)
  expect(exception).toMatchObject({ name: 'ConflictException', status: 409 })
})

it.each(['', '<html>Bad gateway</html>', '[1]'])(
  'keeps the status of an answer that is not the service’s: %s',
  (body) => {
    const exception = toServiceException(answer(502, body))
    expect(exception).toMatchObject({ name: 'UnknownError', status: 502 })
    expect(exception.message).toBe('The service answered with HTTP status 502.')
  },
)
