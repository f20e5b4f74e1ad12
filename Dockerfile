# syntax=docker/dockerfile:1
# One image for every app: the setting APPS says which a container hosts, all of them by default (docs/deploy.md).
FROM node:24.21-bookworm-slim AS base
WORKDIR /app

# No package needs its install script here: better-sqlite3 brings its binaries, and Node is the image's own.
FROM base AS build
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --ignore-scripts
COPY tsconfig.json ./
COPY scripts scripts
COPY libs libs
COPY apps apps
RUN node scripts/build.mjs

FROM base AS packages
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --omit=dev --ignore-scripts

FROM base AS run
LABEL org.opencontainers.image.title=magasin
ENV NODE_ENV=production HOST=0.0.0.0
# The folders of its settings' defaults; a volume begins with their owner.
RUN install --directory --owner=node --group=node data output
COPY --from=packages /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
COPY scripts/healthcheck.mjs scripts/
USER node
EXPOSE 5000 5009 5010
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --start-interval=2s --retries=3 \
  CMD ["node", "scripts/healthcheck.mjs"]
CMD ["node", "dist/apps/magasin/src/main.js"]
