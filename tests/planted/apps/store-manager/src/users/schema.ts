export const schema = 'CREATE TABLE users (id INTEGER)';
