import { Entity } from 'typeorm';

@Entity('users')
export class User {}

export const rename = 'UPDATE users SET name = ? WHERE id = ?';
