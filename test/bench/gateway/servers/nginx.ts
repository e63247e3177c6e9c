import { join } from 'node:path'
import { onPath } from '../../../../tools/e2e/on-path.ts'
import { quietPort } from '../../../cluster/quiet-port.ts'
import { CannotMeasure, type Program, programVersion } from '../../report/index.ts'
import { isListening, type Running, startServer } from './running.ts'
import type { Stage } from './stage.ts'

/** Path of nginx; Debian keeps servers where only root looks. @throws CannotMeasure when there is none */
export function neededNginx(): string {
  const path = onPath(['nginx', '../sbin/nginx'])
  if (path === undefined) throw new CannotMeasure('needs nginx (Debian: apt-get install nginx)')
  return path
}

/** It as a program that takes part. */
export function nginxProgram(): Program {
  return programVersion('nginx', neededNginx(), ['-v'])
}

/** Starts nginx as the stand-in for an API server: it answers everything with 4 KB. */
export async function startAnswering(stage: Stage): Promise<Running> {
  const body = JSON.stringify({ kind: 'List', filler: 'x'.repeat(4000) })
  return await startNginx(
    stage,
    'answering',
    `location / { default_type application/json; return 200 '${body}'; }`,
  )
}

/** Starts nginx as a plain TLS proxy that forwards without looking, upgrades included. */
export async function startPlainProxy(stage: Stage, upstreamPort: number): Promise<Running> {
  return await startNginx(
    stage,
    'plain-proxy',
    `location / {
      proxy_pass https://api; proxy_http_version 1.1; proxy_ssl_session_reuse on; proxy_ssl_protocols TLSv1.2 TLSv1.3;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade;
    }`,
    `map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
  upstream api { server 127.0.0.1:${upstreamPort}; keepalive 64; keepalive_requests 1000000; }`,
  )
}

async function startNginx(
  stage: Stage,
  name: string,
  locations: string,
  more = '',
): Promise<Running> {
  const { folder } = stage
  const port = await quietPort()
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${name}-${kind};`,
  )
  const config = stage.write(
    `${name}.conf`,
    `daemon off;
worker_processes auto;
pid ${folder}/${name}.pid;
events { worker_connections 16384; }
http {
  access_log off;
  ${paths.join('\n  ')}
  keepalive_requests 1000000;
  ${more}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${stage.certFile}; ssl_certificate_key ${stage.keyFile};
    ssl_protocols TLSv1.2 TLSv1.3; ssl_session_cache shared:${name}:10m;
    ${locations}
  }
}
`,
  )
  const log = join(folder, `${name}.log`)
  return await startServer(
    { name: 'nginx', command: neededNginx(), args: ['-c', config, '-p', folder, '-e', log], log },
    async () => ((await isListening(port)) ? port : undefined),
  )
}
