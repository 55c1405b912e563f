// Handing the studio a recording.

import { ask } from './toast.js';

// Resolves to what the studio says of it: its token, name, seconds and more.
export async function upload(baseUrl, blob, name = blob.name) {
  const headers = { 'x-file-name': encodeURIComponent(name), 'content-type': 'application/octet-stream' };
  return (await ask(new URL('uploads', baseUrl), { method: 'POST', headers, body: blob })).json();
}
