import { Entity } from 'typeorm';

@Entity('orders')
export class ReportedOrder {}
