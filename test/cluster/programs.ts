/** Paths of the programs that a cluster is made of. */
export interface Programs {
  readonly etcd: string
  readonly apiServer: string
  readonly controllerManager: string
  readonly scheduler: string
  readonly kwok: string
}

/** The programs that the suite was given; undefined when one is missing, and its tests are skipped. */
export const programs: Programs | undefined = programsIn(process.env)

function programsIn(env: NodeJS.ProcessEnv): Programs | undefined {
  const { ETCD, KUBE_APISERVER, KUBE_CONTROLLER_MANAGER, KUBE_SCHEDULER, KWOK } = env
  if (!ETCD || !KUBE_APISERVER || !KUBE_CONTROLLER_MANAGER || !KUBE_SCHEDULER || !KWOK) return
  return {
    etcd: ETCD,
    apiServer: KUBE_APISERVER,
    controllerManager: KUBE_CONTROLLER_MANAGER,
    scheduler: KUBE_SCHEDULER,
    kwok: KWOK,
  }
}

/** The programs, where a test needs them. Throws without them. */
export function neededPrograms(): Programs {
  if (!programs) throw new Error('the programs of a cluster are missing: run npm run test:e2e')
  return programs
}
