import type { ExpectStatic } from 'vitest'
import { textAt } from '../../world/api/json.ts'
import type { Person } from './person.ts'
import type { KubectlCase } from './versions.ts'
import type { TutorialWorld } from './world.ts'

/**
 * kubectl 1.32 can hear the first words of an answer before it has a place for them, and throws them away,
 * also without a gateway. The newest waits with its ears shut.
 */
const hasLostOutput = /Unknown stream id \d+, discarding message/

const forwarding = /127\.0\.0\.1:(\d+) -> 80\n/

/** Tries with a kubectl what differs between versions: how they sign in, and streams. */
export async function tryStreams(
  world: TutorialWorld,
  { version, protocol, prelude, knowsWhoami }: KubectlCase,
  expect: ExpectStatic,
): Promise<void> {
  const [john, jane] = [await world.person('john'), await world.person('jane')]
  const mark = `${world.realm.name}-${version}-${protocol}`
  const done = async (person: Person, command: string): Promise<string> => {
    for (;;) {
      const typed = person.start(prelude + command)
      expect(await typed.ended, `${command}\n${typed.shown()}`).toBe(0)
      if (!hasLostOutput.test(typed.shown())) return typed.shown()
    }
  }
  expect(await done(john, 'kubectl version --client')).toContain(`v${version}.`)
  expect(await done(john, 'kubectl get svc')).toMatch(/^kubernetes +ClusterIP /m)
  const whoami = knowsWhoami ? 'kubectl auth whoami' : 'kubectl oidc-login whoami'
  expect(await done(john, whoami)).toContain('john')
  expect(await done(john, 'kubectl get pods || true')).toContain(
    'User "john" cannot list resource "pods"',
  )

  expect(await done(jane, `kubectl exec hello -- echo ${mark}`)).toBe(`${mark}\n`)
  const [event] = await world.cluster.auditEvents({
    isWanted: (each) => textAt(each, 'requestURI').includes(`command=${mark}`),
  })
  // WebSocket begins with GET, and SPDY with POST.
  expect(textAt(event, 'verb')).toBe(protocol === 'WebSocket' ? 'get' : 'create')

  await done(jane, `echo ${mark} > ${mark} && kubectl cp ${mark} hello:${mark}`)
  await done(jane, `kubectl cp hello:${mark} ${mark}.copy`)
  expect(await done(jane, `cat ${mark}.copy`)).toBe(`${mark}\n`)

  for (const goesOn of ['kubectl logs --follow hello', 'kubectl attach hello']) {
    const typed = jane.start(prelude + goesOn)
    await typed.shows((shown) => /^ready$/m.test(shown))
    typed.interrupt()
  }
  const forward = jane.start(`${prelude}kubectl port-forward pod/hello :80`)
  await forward.shows((shown) => forwarding.test(shown))
  const [, port] = forwarding.exec(forward.shown()) ?? []
  expect(await done(jane, `curl --silent http://127.0.0.1:${port}`)).toBe('hello from the pod\n')
  forward.interrupt()
}
