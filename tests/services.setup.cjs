// Before the first test: which services answer. `describe` can not wait for that, and workers inherit the environment.
module.exports = async () => {
  const { SERVICES, addressOf } = await import('../scripts/services/services.mjs');
  const leftOut = (process.env.WITHOUT ?? '').split(',');
  const missing = {};
  await Promise.all(
    Object.entries(SERVICES).map(async ([name, service]) => {
      if (leftOut.includes(name)) {
        missing[name] = 'WITHOUT leaves it out';
        return;
      }
      const address = addressOf(service);
      await service.ask(address).catch(({ message }) => {
        const where = `${address.replace(/:[^:@/]*@/, ':***@')} (${message})`;
        missing[name] = `${service.title} does not answer at ${where}. npm run services -- ${name}`;
      });
    }),
  );
  process.env.MISSING_SERVICES = JSON.stringify(missing);
};
