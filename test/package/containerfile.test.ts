import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../world/folder.ts'
import { ask } from '../world/gateway/ask.ts'
import { eventually } from '../world/gateway/eventually.ts'
import { gatewayWorld } from '../world/gateway/program.ts'
import { copiesOf, entrypointOf, lastOf, type Stage, stagesOf } from './containerfile.ts'
import { contentsOf, fillFinalStage, open, runBuildStage, startAsUser } from './image.ts'

/** The stage that builds, and the one that is the image. */
function bothStages(): readonly [build: Stage, image: Stage] {
  const [build, image, ...more] = stagesOf(readFileSync('Containerfile', 'utf8'))
  expect(more).toEqual([])
  if (!build || !image) throw new Error('The Containerfile does not have two stages.')
  return [build, image]
}

test('both bases are pinned, and the image needs no shell while it is made', () => {
  const [build, image] = bothStages()
  for (const { base } of [build, image])
    expect(base).toMatch(/^[\w./-]+:[\w.-]+@sha256:[0-9a-f]{64}$/)
  const names = image.instructions.map(({ name }) => name)
  expect(names.filter((name) => name === 'RUN' || name === 'ADD' || name === 'SHELL')).toEqual([])
  expect(entrypointOf(image)).toMatchObject({
    node: '/nodejs/bin/node',
    program: '/app/bin/oidc-gateway.js',
  })
})

test('the image runs as a user by number who is not root', () => {
  const [, image] = bothStages()
  expect(lastOf(image, 'USER')).toMatch(/^[1-9]\d*:[1-9]\d*$/)
})

test('everything that is copied is there, and nothing else gets past .dockerignore', () => {
  const sources = bothStages()
    .flatMap(copiesOf)
    .flatMap(({ from, sources: names }) => (from === undefined ? names : []))
  expect(sources.filter((source) => !existsSync(source))).toEqual([])
  const lines = readFileSync('.dockerignore', 'utf8').split(/\r?\n/)
  const allowed = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  expect(lines).toContain('*')
  expect([...sources].sort()).toEqual(allowed.sort())
})

// It is put together by links and modes that Windows has not, for a container of Linux.
test.skipIf(process.platform === 'win32')(
  'what is copied is enough to build and to serve, and what serves changes nothing',
  async () => {
    const [build, image] = bothStages()
    const folder = temporaryFolder()
    const [built, root] = [join(folder, 'build'), join(folder, 'image')]
    for (const each of [built, root]) mkdirSync(each)
    runBuildStage(build, built)
    fillFinalStage(image, built, root)
    const files = contentsOf(root)
    const world = await gatewayWorld()
    for (const each of [folder, root, world.folder]) open(each)

    const { nodeFlags, program } = entrypointOf(image)
    const args = [...nodeFlags, program.replace('/app/', `${root}/`)]
    args.push('serve', `--config=${world.configFile}`)
    const child = startAsUser(args, lastOf(image, 'USER'))
    let log = ''
    child.stderr?.on('data', (bytes) => {
      log += bytes
    })
    await eventually(async () => log.includes('The gateway listens.'))
    const [line = ''] = log.split('\n').filter((text) => text.includes('The gateway listens.'))
    const token = await world.issuer.sign({ preferred_username: 'john' })
    const path = '/api/v1/namespaces/default/services'
    const answer = await ask({
      port: JSON.parse(line).port,
      ca: world.authority.certPem,
      path,
      token,
    })
    expect(answer.status).toBe(200)
    child.kill('SIGTERM')
    expect(await new Promise((ended) => child.once('close', ended))).toBe(0)
    expect(contentsOf(root)).toEqual(files)
  },
)
