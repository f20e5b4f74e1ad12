export function poison(database: string, stream: string, payload: string, type?: string): Promise<number>;
