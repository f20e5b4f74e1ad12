import { ApiProperty } from '@nestjs/swagger';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('users')
export class User {
  @ApiProperty({ type: 'integer', example: 6 })
  @PrimaryGeneratedColumn()
  id: number;

  @ApiProperty({ example: 'Grace Hopper' })
  @Column('text')
  name: string;

  @ApiProperty({ example: 'grace@example.com' })
  @Column('text')
  email: string;

  @ApiProperty({ type: 'integer', example: 1 })
  @Column('integer')
  user_type_id: number;
}

/** 1 client, 2 employee, 3 manager. */
@Entity('user_types')
export class UserType {
  @ApiProperty({ type: 'integer', example: 1 })
  @PrimaryColumn('integer')
  id: number;

  @ApiProperty({ example: 'Client' })
  @Column('text')
  name: string;
}
