export const anonymous = "update users set name = ''";
