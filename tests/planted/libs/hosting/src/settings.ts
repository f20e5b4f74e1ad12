export const readSettings = () => process.env;
