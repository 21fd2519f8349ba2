/** The machine that one instance of a resource asks for. */
export type MachineRequest = {
  /** Names the machine for ever: one per attempt to create it. Safe as a file name. */
  readonly machineId: string
  readonly pipelineId: string
  /** The instance of the Ec2Resource or EmrCluster, such as `@MyCluster_2026-01-01T00:00:00`. */
  readonly instanceId: string
  readonly resourceType: 'Ec2Resource' | 'EmrCluster'
  /** The worker group that the machine's task runner polls. */
  readonly workerGroup: string
  /** The evaluated fields of the resource object; a list is several values. */
  readonly fields: ReadonlyMap<string, readonly string[]>
}

/** A machine that is up: its id in the provider's own terms, shown as `@resourceId`. */
export type Machine = { readonly resourceId: string }

/**
 * Makes and destroys machines. Every method may be called twice with the same argument, also after a restart of the server, and
 * the second call is harmless.
 */
export type ResourceProvider = {
  /**
   * Resolves when the machine's task runner polls. Asked again for a machine that is up, it resolves at once.
   *
   * @throws ResourceFailure when the machine cannot be had, with the reason for `@failureReason`.
   */
  create(request: MachineRequest): Promise<Machine>
  /** Resolves when nothing of the machine is left: no process, no folder. A machine that never was is already gone. */
  terminate(machineId: string): Promise<void>
  /** Called once at start: destroys every machine that is not in `machineIds` and watches the others again. */
  adopt(machineIds: ReadonlySet<string>): Promise<void>
  /** Registers the one listener for machines that end without having been terminated. */
  onLost(listener: (machineId: string, reason: string) => void): void
  /** Stops watching. Machines stay up, as they would without this server. May be called twice. */
  stop(): Promise<void>
}

/** The provider could not make the machine; the message is shown to the user. */
export class ResourceFailure extends Error {
  override readonly name = 'ResourceFailure'
}
