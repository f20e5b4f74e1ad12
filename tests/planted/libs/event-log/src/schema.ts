export const up = `
  CREATE TABLE event_log (id INTEGER PRIMARY KEY) STRICT`;
