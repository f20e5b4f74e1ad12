export const sql = 'SELECT name FROM users';
