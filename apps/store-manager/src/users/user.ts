import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('users')
export class User {
  @PrimaryGeneratedColumn()
  id: number;

  @Column('text')
  name: string;

  @Column('text')
  email: string;

  @Column('integer')
  user_type_id: number;
}

/** 1 client, 2 employee, 3 manager. */
@Entity('user_types')
export class UserType {
  @PrimaryColumn('integer')
  id: number;

  @Column('text')
  name: string;
}
