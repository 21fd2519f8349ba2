import { describe, expect, it } from 'vitest'
import { objectId, referenceField, textField } from '../core/definition/pipeline-object.ts'
import { decodeDefinition, decodeField, decodeTask, encodeDefinition, encodeTask } from './codec.ts'

const copy = { id: objectId('Copy'), name: 'Copy logs', fields: [textField('type', 'CopyActivity')] }
const fieldsOfCopy = [{ key: 'type', stringValue: 'CopyActivity' }]

describe('definition', () => {
  const definition = {
    objects: [{ ...copy, fields: [...copy.fields, referenceField('input', objectId('Logs'))] }],
    parameterObjects: [{ id: 'myBucket', attributes: [{ key: 'default', text: 'logs' }] }],
    parameterValues: [{ id: 'myBucket', text: 'other' }],
  }
  const members = {
    pipelineObjects: [{ id: 'Copy', name: 'Copy logs', fields: [...fieldsOfCopy, { key: 'input', refValue: 'Logs' }] }],
    parameterObjects: [{ id: 'myBucket', attributes: [{ key: 'default', stringValue: 'logs' }] }],
    parameterValues: [{ id: 'myBucket', stringValue: 'other' }],
  }

  it('has one form on the wire and the same one back', () => {
    expect(encodeDefinition(definition)).toEqual(members)
    expect(decodeDefinition(members)).toEqual(definition)
  })

  it('has no parameters where the members are absent', () => {
    expect(decodeDefinition({ pipelineObjects: [] })).toEqual({
      objects: [],
      parameterObjects: [],
      parameterValues: [],
    })
  })
})

describe('field', () => {
  it('is a reference when it holds both', () => {
    const field = decodeField({ key: 'input', stringValue: 'x', refValue: 'Logs' })
    expect(field).toEqual(referenceField('input', objectId('Logs')))
  })

  it('is the empty string when it holds neither', () => {
    expect(decodeField({ key: 'input' })).toEqual(textField('input', ''))
  })
})

describe('task', () => {
  const task = { taskId: 't', pipelineId: 'df-1', attemptId: 'Copy', objects: [copy] }
  const taskObject = { ...task, objects: { Copy: { id: 'Copy', name: 'Copy logs', fields: fieldsOfCopy } } }

  it('carries its objects under their ids', () => {
    expect(encodeTask(task)).toEqual(taskObject)
    expect(decodeTask(taskObject)).toEqual(task)
  })

  it.each([undefined, {}])('is absent in an answer of %o', (noTask) => {
    expect(decodeTask(noTask)).toBeUndefined()
  })
})
