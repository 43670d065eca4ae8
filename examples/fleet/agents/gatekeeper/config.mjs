export const agent = 'GATEKEEPER';
export const version = '1.0';
export const port = Number(process.env.PORT ?? 8023);
export const host = process.env.AGENT_HOST ?? '127.0.0.1';
