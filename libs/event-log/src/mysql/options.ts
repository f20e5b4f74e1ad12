import type { MysqlDataSourceOptions } from 'typeorm/driver/mysql/MysqlDataSourceOptions';

export interface MysqlSettings {
  url: string;
  entities: MysqlDataSourceOptions['entities'];
  migrations?: MysqlDataSourceOptions['migrations'];
  connections: number;
  onStatement?: (sql: string) => void;
}

export const isMysqlUrl = (url: string): boolean => /^(mariadb|mysql):\/\//.test(url);

/** @throws Error for a url that is not `mariadb://user:password@host:port/database`. */
export function mysqlAddress(url: string) {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url);
  const database = decodeURIComponent(pathname.slice(1));
  if (!/^[\w$-]{1,64}$/.test(database)) {
    throw new Error(`It names no database. Accepted: mariadb://user:password@host:3306/magasin, or mysql://….`);
  }
  return {
    host: hostname.replace(/^\[|\]$/g, '') || 'localhost',
    port: Number(port || 3306),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database,
    // `?ssl=true`: the server's certificate is checked against what Node trusts.
    ssl: searchParams.get('ssl') === 'true' ? {} : undefined,
  };
}

/** The url without its password, for people and logs. */
export const withoutPassword = (url: string): string => url.replace(/^(\w+:\/\/[^:@/]*):[^@]*@/, '$1:…@');

/** How all of this program's connections to MariaDB or MySQL are opened. One type for both: their common SQL. */
export const mysqlOptions = ({ url, entities, migrations, connections }: MysqlSettings): MysqlDataSourceOptions => ({
  type: 'mysql',
  ...mysqlAddress(url),
  entities,
  migrations,
  charset: 'utf8mb4',
  timezone: 'Z',
  connectTimeout: 2_000,
  poolSize: connections,
  // BEGIN goes with the first statement, the events go with the COMMIT.
  multipleStatements: true,
  supportBigNumbers: true,
  bigNumberStrings: false,
  logging: false,
  // SUM answers DECIMAL.
  extra: { decimalNumbers: true, enableKeepAlive: true },
});
