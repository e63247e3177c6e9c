import { quote } from './decoding/index.ts'

/** What is wrong with an origin: `https://host` or `https://host:port`, nothing behind it. */
export function faultOfOrigin(text: string): string | undefined {
  if (!URL.canParse(text)) return `${quote(text)} is not a URL such as https://host:port.`
  const url = new URL(text)
  if (url.protocol !== 'https:') return `${quote(text)} must begin with https://.`
  if (text.toLowerCase() !== url.origin && text.toLowerCase() !== `${url.origin}:443`) {
    return `${quote(text)} must be https://host or https://host:port, without anything behind it.`
  }
  return undefined
}

/** What is wrong with a network in CIDR notation, such as `10.0.0.0/8` or `fd00::/8`. */
export function faultOfNetwork(text: string): string | undefined {
  const [, address = '', bits = ''] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(text) ?? []
  const isSix = address.includes(':')
  const isAddress = isSix ? URL.canParse(`https://[${address}]`) : dotted.test(address)
  if (isAddress && Number(bits) <= (isSix ? 128 : 32)) return undefined
  return `${quote(text)} is not a network such as 10.0.0.0/8.`
}

const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const dotted = new RegExp(`^${octet}(\\.${octet}){3}$`)
