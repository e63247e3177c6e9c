import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { freePort, type GatewayStage } from './stage.ts'

/** nginx twice: as the API server's stand-in, and as a plain TLS proxy in front of it. */
export interface Nginx {
  /** Answers everything with 4 KB. */
  readonly upstreamPort: number
  /** Forwards to the former, without looking. */
  readonly proxyPort: number
  stop(): Promise<void>
}

/** Starts nginx with certificates of the stage. */
export async function startNginx(nginx: string, stage: GatewayStage): Promise<Nginx> {
  const upstreamPort = await freePort()
  const proxyPort = await freePort()
  const config = join(stage.folder, 'nginx.conf')
  writeFileSync(config, configuration(stage, upstreamPort, proxyPort))
  const child = spawn(
    nginx,
    ['-c', config, '-p', stage.folder, '-e', join(stage.folder, 'nginx.log')],
    {
      stdio: 'ignore',
    },
  )
  await Promise.all([accepting(upstreamPort), accepting(proxyPort)])
  return {
    upstreamPort,
    proxyPort,
    async stop() {
      await ended(child)
    },
  }
}

function configuration(stage: GatewayStage, upstreamPort: number, proxyPort: number): string {
  const tls = `ssl_certificate ${stage.certFile}; ssl_certificate_key ${stage.keyFile}; ssl_session_cache shared:s${upstreamPort}:10m;`
  return `daemon off;
worker_processes auto;
pid ${stage.folder}/nginx.pid;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path ${stage.folder}/body;
  proxy_temp_path ${stage.folder}/proxy;
  fastcgi_temp_path ${stage.folder}/fastcgi;
  uwsgi_temp_path ${stage.folder}/uwsgi;
  scgi_temp_path ${stage.folder}/scgi;
  keepalive_requests 1000000;
  upstream api { server 127.0.0.1:${upstreamPort}; keepalive 64; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${upstreamPort} ssl; ${tls}
    location / { default_type application/json; return 200 '${JSON.stringify({ kind: 'List', filler: 'x'.repeat(4000) })}'; }
  }
  server {
    listen 127.0.0.1:${proxyPort} ssl; ${tls.replace('shared:s', 'shared:p')}
    location / {
      proxy_pass https://api; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_ssl_session_reuse on;
    }
  }
}
`
}

async function accepting(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await new Promise<boolean>((done) => {
      socket.once('connect', () => done(true)).once('error', () => done(false))
    })
    socket.destroy()
    if (isOpen) return
    await new Promise((done) => setTimeout(done, 50))
  }
  throw new Error('nginx does not listen')
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  await exit
}
