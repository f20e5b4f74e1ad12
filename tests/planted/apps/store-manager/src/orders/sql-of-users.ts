export const buyers = 'SELECT name FROM orders JOIN users ON users.id = orders.user_id';
