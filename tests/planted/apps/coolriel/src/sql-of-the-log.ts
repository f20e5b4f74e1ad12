export const everything = 'SELECT id FROM event_log';
