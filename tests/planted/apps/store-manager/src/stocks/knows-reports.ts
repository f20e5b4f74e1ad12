import { Report } from '../reports';

export const known = Report;
